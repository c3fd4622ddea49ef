namespace MkdSeg.Service.Uploads;

/// <summary>A file as it was received, under a name of our own, and what the client calls it.</summary>
internal sealed record UploadedFile(string Path, string ClientName);

/// <summary>An upload that is not taken, with the HTTP status that says why.</summary>
internal sealed class UploadException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
