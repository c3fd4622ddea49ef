using System.IO.Compression;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using MkdSeg.Service.Monitoring;

namespace MkdSeg.Service.Uploads;

/// <summary>Writes the body of a request to files: one file, a zip, or several files as multipart/form-data.</summary>
internal sealed class UploadReader(ServiceOptions options, ServiceMetrics metrics)
{
    private const int MostFiles = 20_000;

    /// <summary>Reads the body into an empty folder, which afterwards contains only the volumes' files.</summary>
    /// <exception cref="UploadException">The body is too large, or cannot contain a volume.</exception>
    public async Task ReadAsync(HttpRequest request, string folder, CancellationToken cancellation)
    {
        var received = Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(folder)!, "received")).FullName;
        var files = new List<UploadedFile>();
        await foreach (var file in BodiesAsync(request, received, cancellation))
            files.Add(file);
        await Task.Run(() => Unpack(files, received, folder, cancellation), cancellation);
        Directory.Delete(received, recursive: true);
    }

    private async IAsyncEnumerable<UploadedFile> BodiesAsync(
        HttpRequest request, string folder, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
        {
            yield return new(await SaveAsync(request.Body, Path.Combine(folder, "body"), cancellation), "");
            yield break;
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 200)
            throw new UploadException(StatusCodes.Status400BadRequest, "The multipart body has no boundary.");
        var reader = new MultipartReader(boundary, request.Body);
        var count = 0;
        while (await reader.ReadNextSectionAsync(cancellation) is { } section)
        {
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                || !disposition.IsFileDisposition())
            {
                continue;
            }

            if (count == MostFiles)
                throw new UploadException(StatusCodes.Status413PayloadTooLarge, $"At most {MostFiles} files are accepted.");
            var name = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
            var path = await SaveAsync(section.Body, Path.Combine(folder, $"part-{count++}"), cancellation);
            yield return new(path, HeaderUtilities.RemoveQuotes(name).Value ?? "");
        }
    }

    private async Task<string> SaveAsync(Stream body, string path, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        try
        {
            await body.CopyToAsync(file, cancellation);
        }
        finally
        {
            metrics.Received(file.Length);
        }

        return path;
    }

    private void Unpack(List<UploadedFile> received, string temporary, string folder, CancellationToken cancellation)
    {
        var files = new List<UploadedFile>();
        var left = options.MaxUnpackedBytes;
        foreach (var file in received.Where(file => new FileInfo(file.Path).Length > 0))
        {
            if (VolumeNames.EndingOf(file.Path) != ".zip")
            {
                files.Add(file);
                continue;
            }

            var inner = Directory.CreateDirectory(file.Path + "-unpacked").FullName;
            var unpacked = UploadArchive.Unpack(file.Path, inner, left, cancellation);
            files.AddRange(unpacked);
            left -= unpacked.Sum(item => new FileInfo(item.Path).Length);
            File.Delete(file.Path);
        }

        foreach (var file in files)
            left -= UnpackedExcess(file.Path, left, cancellation);
        VolumeNames.Arrange(files, folder);
    }

    // Readers unpack such files into memory, or up to where their headers declare the end of the voxels.
    private long UnpackedExcess(string path, long most, CancellationToken cancellation)
    {
        if (VolumeNames.EndingOf(path) != ".nii.gz")
            return 0;
        try
        {
            using var file = File.OpenRead(path);
            using var unpacked = new GZipStream(file, CompressionMode.Decompress);
            var (total, buffer) = (0L, new byte[1 << 16]);
            for (int read; (read = unpacked.Read(buffer)) > 0;)
            {
                cancellation.ThrowIfCancellationRequested();
                if ((total += read) > most)
                {
                    throw new UploadException(
                        StatusCodes.Status413PayloadTooLarge,
                        $"Unpacked, the upload is larger than {options.MaxUnpackedBytes >> 20} MiB.");
                }
            }

            return total;
        }
        catch (InvalidDataException error)
        {
            throw new UploadException(StatusCodes.Status422UnprocessableEntity, $"The gzip file is damaged: {error.Message}");
        }
    }
}
