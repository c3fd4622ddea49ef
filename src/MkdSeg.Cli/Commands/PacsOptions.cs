using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Cli.Commands;

/// <summary>The options of commands that speak to a PACS.</summary>
internal sealed class PacsOptions
{
    private const string PasswordVariable = "MKDSEG_DICOMWEB_PASSWORD";
    private const string TokenVariable = "MKDSEG_DICOMWEB_TOKEN";

    private readonly Option<string?> _user = CommonOptions.New<string?>(
        "--user", $"User of the DICOMweb server; the password comes from --password-file or {PasswordVariable}.");

    private readonly Option<string?> _passwordFile = CommonOptions.New<string?>(
        "--password-file", "A file whose text is the password of --user.");

    private readonly Option<string?> _tokenFile = CommonOptions.New<string?>(
        "--token-file", $"A file whose text is a bearer token for the DICOMweb server; or set {TokenVariable}.");

    private readonly Option<bool> _insecure = CommonOptions.New<bool>(
        "--insecure", "Accept any TLS certificate of the DICOMweb server: who sits between can read and change all.");

    private readonly Option<int> _patience = CommonOptions.WithDefault(
        "--patience", "Seconds for which a request that fails is tried again.", 120);

    /// <summary>The options, to be added to a command.</summary>
    public IReadOnlyList<Option> All => [_user, _passwordFile, _tokenFile, _insecure, _patience];

    /// <summary>A server with the credentials of the command line; warns where they are not safe.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names the address, for messages.</param>
    /// <param name="address">The address.</param>
    public DicomwebOptions Server(ParseResult parsed, string option, string address)
    {
        var user = parsed.GetValue(_user);
        var password = Secret(parsed.GetValue(_passwordFile), PasswordVariable);
        var token = Secret(parsed.GetValue(_tokenFile), TokenVariable);
        if (user is not null && password is null)
            throw new UserErrorException($"--user needs a password; name a file by --password-file or set {PasswordVariable}.");
        if (user is null && parsed.GetValue(_passwordFile) is not null)
            throw new UserErrorException("--password-file needs a name; add --user.");
        if (user is not null && parsed.GetValue(_tokenFile) is not null)
            throw new UserErrorException("--user and --token-file exclude each other; choose one.");
        if (parsed.GetValue(_patience) < 0)
            throw new UserErrorException($"--patience is {parsed.GetValue(_patience)}; give seconds, 0 or more.");
        var server = new DicomwebOptions
        {
            Address = DicomwebOptions.ParseAddress(option, address),
            User = user,
            Password = password ?? "",
            Token = user is null ? token : null,
            AcceptAnyCertificate = parsed.GetValue(_insecure),
            Patience = TimeSpan.FromSeconds(parsed.GetValue(_patience)),
        };
        if (server.AcceptAnyCertificate)
            Console.Error.WriteLine($"mkdseg: warning: the TLS certificate of {server.Address} is not verified (--insecure).");
        if (server.Address is { Scheme: "http", IsLoopback: false })
            Console.Error.WriteLine($"mkdseg: warning: {server.Address} is not encrypted; others can read password and images.");
        return server;
    }

    private static string? Secret(string? file, string variable)
    {
        if (file is null)
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? set : null;
        var text = UserErrorException.OfFiles(() => File.ReadAllText(file), $"'{file}' cannot be read").TrimEnd('\r', '\n');
        return text.Length > 0 ? text : throw new UserErrorException($"'{file}' is empty; write the password or token into it.");
    }
}
