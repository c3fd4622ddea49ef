namespace MkdSeg.Service.Uploads;

/// <summary>A file as received, under a name of our own, and the client's name for it.</summary>
internal sealed record UploadedFile(string Path, string ClientName);

/// <summary>A refused upload, with the HTTP status that gives the reason.</summary>
internal sealed class UploadException(int status, string message) : Exception(message)
{
    public int Status { get; } = status;
}
