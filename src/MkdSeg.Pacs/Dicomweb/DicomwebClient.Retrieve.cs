using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace MkdSeg.Pacs.Dicomweb;

/// <content>WADO-RS (PS3.18, 10.4): fetches series into folders, one file per instance.</content>
internal sealed partial class DicomwebClient
{
    private const string DicomType = "application/dicom";
    private const int LongestBoundary = 256;
    private const int MostTriesOfDamaged = 3;

    /// <summary>
    /// Fetches the instances of a series that a folder lacks; files are named by SOP Instance UID and appear when complete.
    /// An instance that is damaged on the server itself is kept as received.
    /// </summary>
    /// <param name="series">The series.</param>
    /// <param name="instances">Its SOP Instance UIDs.</param>
    /// <param name="folder">The folder, which is created; other files in it are deleted.</param>
    /// <param name="cancellation">Stops; files that are already fetched remain.</param>
    /// <returns>The files.</returns>
    /// <exception cref="UserErrorException">The server cannot be reached or refuses, or a file cannot be written.</exception>
    public async Task<IReadOnlyList<string>> RetrieveAsync(
        RemoteSeries series, IReadOnlySet<string> instances, string folder, CancellationToken cancellation)
    {
        UserErrorException.OfFiles(() => Directory.CreateDirectory(folder), $"The folder {folder} cannot be created");
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            if (!instances.Contains(Path.GetFileNameWithoutExtension(file)))
                File.Delete(file);
        }

        var address = $"studies/{series.StudyUid}/series/{series.Uid}";
        string[] Missing() => [.. instances.Where(uid => !File.Exists(PathOf(folder, uid))).Order(StringComparer.Ordinal)];
        if (Missing().Length > 1)
        {
            // All in one request; what that does not return is requested individually.
            using var watch = new Watch(Options.IdleLimit, cancellation);
            try
            {
                await FetchAsync(address, instances, folder, keepDamaged: false, watch);
            }
            catch (Exception error) when (!cancellation.IsCancellationRequested
                && DicomwebException.Of(error, Options.IdleLimit) is { IsPassing: true })
            {
                // The requests that follow have retries of their own.
            }
            catch (DicomwebException error)
            {
                throw new UserErrorException(
                    $"{series.Title} cannot be fetched: the server {Options.Address} {error.Message}.", error);
            }
        }

        foreach (var uid in Missing())
        {
            var wanted = new HashSet<string> { uid };
            for (var tries = 1; tries <= MostTriesOfDamaged && !File.Exists(PathOf(folder, uid)); tries++)
            {
                await _retrying.RunAsync(
                    $"{series.Title} cannot be fetched",
                    async watch =>
                    {
                        await FetchAsync($"{address}/instances/{uid}", wanted, folder, tries == MostTriesOfDamaged, watch);
                        return true;
                    },
                    cancellation);
            }

            if (!File.Exists(PathOf(folder, uid)))
            {
                throw new UserErrorException(
                    $"{series.Title} cannot be fetched: the server {Options.Address} sends something else instead of instance "
                    + $"{uid}.");
            }
        }

        return [.. instances.Select(uid => PathOf(folder, uid)).Order(StringComparer.Ordinal)];
    }

    private static string PathOf(string folder, string uid) => Path.Combine(folder, uid + ".dcm");

    // Saves the parts of one answer.
    private async Task FetchAsync(string address, IReadOnlySet<string> wanted, string folder, bool keepDamaged, Watch watch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(address));
        // As stored: what the server need not decode, it cannot decode wrongly.
        request.Headers.TryAddWithoutValidation("Accept", $"multipart/related; type=\"{DicomType}\"; transfer-syntax=*");
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
        await RequireSuccessAsync(answer, watch);
        var type = answer.Content.Headers.ContentType;
        await using var body = await answer.Content.ReadAsStreamAsync(watch.Token);
        if (type?.MediaType == DicomType)
        {
            await SaveAsync(body, wanted, folder, keepDamaged, watch);
            return;
        }

        var boundary = type?.Parameters
            .FirstOrDefault(parameter => parameter.Name.Equals("boundary", StringComparison.OrdinalIgnoreCase))?.Value;
        if (type?.MediaType?.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase) != true
            || HeaderUtilities.RemoveQuotes(boundary).Value is not { Length: > 0 and <= LongestBoundary } plain)
        {
            throw new InvalidDataException($"its type is '{type}', but multipart/related is expected");
        }

        var reader = new MultipartReader(plain, body);
        while (await reader.ReadNextSectionAsync(watch.Token) is { } part)
        {
            watch.Moved();
            await SaveAsync(part.Body, wanted, folder, keepDamaged, watch);
        }
    }

    // Under a temporary name until it is identified and found complete; unrequested instances are skipped.
    private static async Task SaveAsync(Stream part, IReadOnlySet<string> wanted, string folder, bool keepDamaged, Watch watch)
    {
        var temporary = AtomicFile.TemporaryName(Path.Combine(folder, "part"));
        try
        {
            await using (var file = Written(() => new FileStream(temporary, FileMode.CreateNew, FileAccess.Write)))
            {
                var buffer = new byte[1 << 16];
                for (int count; (count = await part.ReadAsync(buffer, watch.Token)) > 0;)
                {
                    watch.Moved();
                    Written(() => { file.Write(buffer, 0, count); return file; });
                }
            }

            if (DicomParser.Read(temporary) is { } header
                && header.Images.First().Text(DicomTag.SopInstance) is var uid
                && wanted.Contains(uid)
                && (header.Defect is null || keepDamaged))
            {
                Written(() => { File.Move(temporary, PathOf(folder, uid), overwrite: true); return uid; });
            }
        }
        finally
        {
            File.Delete(temporary);
        }

        // Separate from reading: a full disk here is not the server's fault.
        T Written<T>(Func<T> write) => UserErrorException.OfFiles(write, $"Cannot write to the folder {folder}");
    }
}
