namespace MkdSeg.Pacs.Dicomweb;

/// <summary>Where a DICOMweb server is, who asks, and how long it is waited for.</summary>
internal sealed record DicomwebOptions
{
    /// <summary>The address that "/studies" is appended to, without a slash at its end.</summary>
    public required Uri Address { get; init; }

    /// <summary>Name for Basic authentication; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; init; } = "";

    /// <summary>A bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether any TLS certificate will do.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>A request is not tried again when this much has passed since its first try.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A connection on which nothing moves for so long is given up.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>About how long is waited before the second try; doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What an address on the command line means.</summary>
    /// <exception cref="UserErrorException">It is no address of a web server, or it names a password.</exception>
    public static Uri ParseAddress(string option, string text)
    {
        if (!Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new UserErrorException(
                $"{option} is '{text}'; give the address of a DICOMweb server, such as https://pacs.example.org/dicom-web.");
        }

        return address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
            ? address
            : throw new UserErrorException(
                $"{option} names more than the server and its path; give the user by --user, the password by --password-file.");
    }
}
