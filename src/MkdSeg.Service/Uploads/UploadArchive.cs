using System.IO.Compression;
using Microsoft.AspNetCore.Http;

namespace MkdSeg.Service.Uploads;

/// <summary>Unpacks untrusted zip archives: what an archive declares is checked first and enforced while unpacking.</summary>
internal static class UploadArchive
{
    private const int MostEntries = 20_000;

    // The maximum of deflate; archives that declare more are malicious.
    private const int MostRatio = 1032;

    /// <summary>Unpacks the files that can belong to a volume, under names of our own.</summary>
    /// <exception cref="UploadException">The archive is damaged, too large, or names files outside itself.</exception>
    public static IReadOnlyList<UploadedFile> Unpack(string archive, string folder, long mostBytes, CancellationToken cancellation)
    {
        try
        {
            using var zip = ZipFile.OpenRead(archive);
            Check(zip, mostBytes);
            var files = new List<UploadedFile>();
            foreach (var entry in zip.Entries.Where(IsOfUse))
            {
                cancellation.ThrowIfCancellationRequested();
                var path = Path.Combine(folder, $"entry-{files.Count}");
                using var from = entry.Open();
                using var to = File.Create(path);
                Copy(from, to, entry.Length);
                files.Add(new(path, entry.FullName));
            }

            return files;
        }
        catch (InvalidDataException error)
        {
            throw Refuse($"The zip archive cannot be read: {error.Message}");
        }
    }

    private static void Check(ZipArchive zip, long mostBytes)
    {
        if (zip.Entries.Count > MostEntries)
            throw Refuse($"The zip archive has {zip.Entries.Count} files; at most {MostEntries} are accepted.");
        if (zip.Entries.FirstOrDefault(entry => IsTrick(entry.FullName)) is not null)
            throw Refuse("The zip archive names files outside itself; pack only the scan's folder.");
        var total = 0L;
        foreach (var entry in zip.Entries)
        {
            // Lengths may be up to 2^63, which their sum would exceed.
            total = entry.Length > mostBytes ? long.MaxValue : Math.Min(total, mostBytes) + entry.Length;
            if (total > mostBytes || entry.Length > (MostRatio * entry.CompressedLength) + MostRatio)
            {
                throw new UploadException(
                    StatusCodes.Status413PayloadTooLarge, $"Unpacked, the zip archive is larger than {mostBytes >> 20} MiB.");
            }
        }
    }

    private static void Copy(Stream from, FileStream to, long length)
    {
        var buffer = new byte[1 << 16];
        for (int read; (read = from.Read(buffer)) > 0; length -= read)
        {
            if (read > length)
                throw Refuse("The zip archive contains more than it declares; pack it again.");
            to.Write(buffer, 0, read);
        }
    }

    private static bool IsTrick(string name) =>
        name.StartsWith('/') || name.StartsWith('\\') || name.Contains(':', StringComparison.Ordinal)
        || name.Contains('\0', StringComparison.Ordinal) || name.Split('/', '\\').Contains("..");

    private static bool IsOfUse(ZipArchiveEntry entry) =>
        entry.Length > 0 && entry.Name.Length > 0 && !entry.Name.StartsWith('.')
        && !entry.FullName.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static UploadException Refuse(string message) => new(StatusCodes.Status422UnprocessableEntity, message);
}
