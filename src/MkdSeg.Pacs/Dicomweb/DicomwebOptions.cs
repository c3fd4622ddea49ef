namespace MkdSeg.Pacs.Dicomweb;

/// <summary>The address of a DICOMweb server, credentials, and how long to wait for it.</summary>
internal sealed record DicomwebOptions
{
    /// <summary>The address that "/studies" is appended to, without a trailing slash.</summary>
    public required Uri Address { get; init; }

    /// <summary>User name for Basic authentication; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password of <see cref="User"/>.</summary>
    public string Password { get; init; } = "";

    /// <summary>A bearer token; null for none.</summary>
    public string? Token { get; init; }

    /// <summary>Whether any TLS certificate is accepted.</summary>
    public bool AcceptAnyCertificate { get; init; }

    /// <summary>The time since its first attempt after which a failed request is not retried.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The idle time after which a connection is given up.</summary>
    public TimeSpan IdleLimit { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Approximate wait before the second attempt; doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Parses an address from the command line.</summary>
    /// <exception cref="UserErrorException">It is not a web address, or contains more than server and path.</exception>
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
                $"{option} names more than the server and its path; pass user and password with --user and --password-file.");
    }
}
