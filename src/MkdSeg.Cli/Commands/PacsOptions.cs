using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Cli.Commands;

/// <summary>The options of commands that connect to a PACS.</summary>
internal sealed class PacsOptions
{
    private const string PasswordVariable = "MKDSEG_DICOMWEB_PASSWORD";
    private const string TokenVariable = "MKDSEG_DICOMWEB_TOKEN";

    private readonly Option<string?> _user = CommonOptions.New<string?>(
        "--user", $"User name for the DICOMweb server; the password is read from --password-file or {PasswordVariable}.");

    private readonly Option<string?> _passwordFile = CommonOptions.New<string?>(
        "--password-file", "A file containing the password of --user.");

    private readonly Option<string?> _tokenFile = CommonOptions.New<string?>(
        "--token-file", $"A file containing a bearer token for the DICOMweb server; or set {TokenVariable}.");

    private readonly Option<bool> _insecure = CommonOptions.New<bool>(
        "--insecure", "Accept any TLS certificate from the DICOMweb server: anyone in between can read and change everything.");

    private readonly Option<int> _patience = CommonOptions.WithDefault(
        "--patience", "Seconds for which a failed request is retried.", 120);

    /// <summary>The options to add to a command.</summary>
    public IReadOnlyList<Option> All => [_user, _passwordFile, _tokenFile, _insecure, _patience];

    /// <summary>Returns a server with the credentials of the command line; warns if they are not safe.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names the address, for messages.</param>
    /// <param name="address">The address.</param>
    public DicomwebOptions Server(ParseResult parsed, string option, string address)
    {
        var user = parsed.GetValue(_user);
        var password = Secret(parsed.GetValue(_passwordFile), PasswordVariable);
        var token = Secret(parsed.GetValue(_tokenFile), TokenVariable);
        if (user is not null && password is null)
            throw new UserErrorException($"--user needs a password; name a file with --password-file or set {PasswordVariable}.");
        if (user is null && parsed.GetValue(_passwordFile) is not null)
            throw new UserErrorException("--password-file needs a user name; add --user.");
        if (user is not null && parsed.GetValue(_tokenFile) is not null)
            throw new UserErrorException("--user and --token-file are mutually exclusive; choose one.");
        if (parsed.GetValue(_patience) < 0)
            throw new UserErrorException($"--patience is {parsed.GetValue(_patience)}; give 0 seconds or more.");
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
            Console.Error.WriteLine($"mkdseg: warning: {server.Address} is not encrypted; others can read passwords and images.");
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
