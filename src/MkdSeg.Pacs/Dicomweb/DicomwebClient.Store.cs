using System.Text.Json;

namespace MkdSeg.Pacs.Dicomweb;

/// <content>STOW-RS (PS3.18, 10.5).</content>
internal sealed partial class DicomwebClient
{
    private const uint ReferencedInstances = 0x00081199;
    private const uint FailedInstances = 0x00081198;
    private const uint ReferencedUid = 0x00081155;
    private const uint FailureReason = 0x00081197;

    // PS3.18, table 10.5.3-1, and PS3.4, B.2.3: out of resources; instance already present.
    private const int OutOfResources = 0xA700;
    private const int Duplicate = 0x0111;

    /// <summary>Sends objects of one series; none is sent twice.</summary>
    /// <param name="objects">The objects.</param>
    /// <param name="isUnclear">Whether an earlier attempt may have succeeded: then the server is first asked what it has.</param>
    /// <param name="cancellation">Gives up; what the server received is then unclear.</param>
    /// <returns>The objects that the server refuses, each with the reason.</returns>
    /// <exception cref="UserErrorException">
    /// The server cannot be reached or refuses everything; a file cannot be read.
    /// </exception>
    public async Task<IReadOnlyList<(ResultObject Object, string Reason)>> StoreAsync(
        IReadOnlyList<ResultObject> objects, bool isUnclear, CancellationToken cancellation)
    {
        var left = objects.ToDictionary(item => item.SopUid);
        var refused = new List<(ResultObject, string)>();
        await _retrying.RunAsync(
            $"{objects[0].File} cannot be stored",
            async watch =>
            {
                if (isUnclear)
                    await RemovePresentAsync(left, watch);
                if (left.Count == 0)
                    return true;
                isUnclear = true;
                var answer = await PostAsync(left.Values, watch);
                foreach (var failed in DicomJson.Items(answer, FailedInstances))
                {
                    _ = int.TryParse(DicomJson.Text(failed, FailureReason), CultureInfo.InvariantCulture, out var reason);
                    if (reason == OutOfResources || !left.Remove(DicomJson.Text(failed, ReferencedUid), out var item))
                        continue;
                    if (reason != Duplicate)
                        refused.Add((item, $"failure reason {reason:X4}"));
                }

                foreach (var stored in DicomJson.Items(answer, ReferencedInstances))
                    left.Remove(DicomJson.Text(stored, ReferencedUid));
                // Without a list, success applies to all objects.
                return left.Count == 0 || answer.ValueKind != JsonValueKind.Object
                    ? true
                    : throw new DicomwebException($"accepted only {objects.Count - left.Count} of {objects.Count} objects", true);
            },
            cancellation);
        return refused;
    }

    private async Task RemovePresentAsync(Dictionary<string, ResultObject> left, Watch watch)
    {
        var (_, series) = left.First();
        try
        {
            var there = await SearchOnceAsync(
                $"studies/{series.StudyUid}/series/{series.SeriesUid}/instances", "", DicomTag.SopInstance, watch);
            foreach (var item in there)
                left.Remove(DicomJson.Text(item, DicomTag.SopInstance));
        }
        catch (DicomwebException error) when (!error.IsPassing)
        {
            // The server accepts objects but lists none; the same object under the same UID is not a second one.
        }
    }

    /// <summary>Sends objects and returns the answer's data set, undefined if there is none.</summary>
    private async Task<JsonElement> PostAsync(IReadOnlyCollection<ResultObject> objects, Watch watch)
    {
        var boundary = $"mkdseg-{Guid.NewGuid():N}";
        using var content = new MultipartContent("related", boundary);
        content.Headers.ContentType = new("multipart/related")
        {
            Parameters = { new("type", $"\"{DicomType}\""), new("boundary", boundary) },
        };
        foreach (var item in objects)
        {
            var file = UserErrorException.OfFiles(() => File.OpenRead(item.File), $"{item.File} cannot be sent");
            content.Add(new StreamContent(new WatchedStream(file, watch)) { Headers = { ContentType = new(DicomType) } });
        }

        var address = AddressOf($"studies/{objects.First().StudyUid}");
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.Accept.Add(new(JsonType));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
        // If objects failed, the status shows it too, and the body lists them.
        var isJson = answer.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.OrdinalIgnoreCase) == true;
        if (!answer.IsSuccessStatusCode && !(isJson && (int)answer.StatusCode is >= 400 and < 500))
            await RequireSuccessAsync(answer, watch);
        var body = await ReadAsync(answer, LongestAnswer, watch);
        var parsed = isJson && body.Length > 0 ? JsonDocument.Parse(body).RootElement : default;
        return answer.IsSuccessStatusCode || DicomJson.Items(parsed, FailedInstances).Any()
            ? parsed
            : throw DicomwebException.OfStatus(answer, System.Text.Encoding.UTF8.GetString(body.Span));
    }

    /// <summary>A file being sent, which reports every read to the watch.</summary>
    private sealed class WatchedStream(Stream file, Watch watch) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => file.Position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            watch.Moved();
            return file.Read(buffer, offset, count);
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            watch.Moved();
            return await file.ReadAsync(buffer, cancellationToken);
        }

        public override long Seek(long offset, SeekOrigin origin) => file.Seek(offset, origin);

        public override void Flush() => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                file.Dispose();
            base.Dispose(disposing);
        }
    }
}

/// <summary>A DICOM object created by this program, as a file.</summary>
internal sealed record ResultObject(string File, string StudyUid, string SeriesUid, string SopUid);
