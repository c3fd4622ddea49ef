using System.Net;
using System.Text;
using System.Text.Json;

namespace MkdSeg.Pacs.Dicomweb;

/// <summary>
/// Searches, fetches and stores via DICOMweb (PS3.18: QIDO-RS, WADO-RS, STOW-RS). Requests that fail for a temporary reason
/// are retried.
/// </summary>
internal sealed partial class DicomwebClient : IDisposable
{
    private const int PageLength = 500;
    private const int LongestAnswer = 64 << 20;
    private const int LongestComplaint = 1 << 12;
    private const string JsonType = "application/dicom+json";

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(15);

    // So that a server that moves to another address is found again.
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly Retrying _retrying;

    /// <summary>Creates a client; nothing is sent yet.</summary>
    /// <param name="options">The server.</param>
    /// <param name="say">Receives a sentence for each failed attempt.</param>
    public DicomwebClient(DicomwebOptions options, Action<string> say)
    {
        Options = options;
        _retrying = new(options, say);
        var handler = new SocketsHttpHandler
        {
            // A redirect is reported, not followed: credentials and patient data go only where they were meant to.
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectLimit,
            PooledConnectionLifetime = ConnectionLifetime,
        };
        if (options.AcceptAnyCertificate)
        {
#pragma warning disable CA5359 // The user requested it, and is warned.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }

        // What counts is idle time, not the length of a series.
        _http = new(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _http.DefaultRequestHeaders.Authorization = options.Token is { } token ? new("Bearer", token)
            : options.User is { } user
                ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{options.Password}")))
            : null;
    }

    public DicomwebOptions Options { get; }

    public void Dispose() => _http.Dispose();

    /// <summary>The series of the studies that a query names, in the server's order.</summary>
    /// <exception cref="UserErrorException">The server cannot be reached, or refuses.</exception>
    public async Task<IReadOnlyList<RemoteSeries>> FindSeriesAsync(SeriesQuery query, CancellationToken cancellation)
    {
        var found = new List<RemoteSeries>();
        var studies = query.StudyUids.Count > 0 ? query.StudyUids : await FindStudiesAsync(query, cancellation);
        foreach (var study in studies)
        {
            var filter = query.SeriesUid is { } series ? $"SeriesInstanceUID={series}" : "";
            var items = await SearchAsync(
                $"The series of study {study} cannot be listed",
                $"studies/{study}/series",
                filter,
                DicomTag.SeriesInstance,
                cancellation);
            found.AddRange(items
                .Select(item => new RemoteSeries(
                    study,
                    DicomJson.Text(item, DicomTag.SeriesInstance),
                    DicomJson.Text(item, DicomTag.Modality),
                    DicomJson.Text(item, DicomTag.SeriesDescription)))
                // In case the server ignored the filter.
                .Where(item => query.SeriesUid is null || item.Uid == query.SeriesUid));
        }

        return found;
    }

    /// <summary>The SOP Instance UIDs of a series; none if the server does not have it.</summary>
    /// <exception cref="UserErrorException">The server cannot be reached, or refuses.</exception>
    public async Task<IReadOnlySet<string>> FindInstancesAsync(string study, string series, CancellationToken cancellation)
    {
        var items = await SearchAsync(
            $"The images of series {series} cannot be listed",
            $"studies/{study}/series/{series}/instances",
            "",
            DicomTag.SopInstance,
            cancellation);
        return items.Select(item => DicomJson.Text(item, DicomTag.SopInstance)).ToHashSet(StringComparer.Ordinal);
    }

    private async Task<IReadOnlyList<string>> FindStudiesAsync(SeriesQuery query, CancellationToken cancellation)
    {
        var since = query.Since?.ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        var items = await SearchAsync(
            $"The studies since {query.Since:yyyy-MM-dd} cannot be listed",
            "studies",
            $"StudyDate={since}-&ModalitiesInStudy={query.Modality}",
            DicomTag.StudyInstance,
            cancellation);
        return [.. items.Select(item => DicomJson.Text(item, DicomTag.StudyInstance))];
    }

    private Task<List<JsonElement>> SearchAsync(
        string what, string path, string filter, uint key, CancellationToken cancellation) =>
        _retrying.RunAsync(what, watch => SearchOnceAsync(path, filter, key, watch), cancellation);

    // Fetches all pages. Servers differ in the length of a page, and some ignore its offset.
    private async Task<List<JsonElement>> SearchOnceAsync(string path, string filter, uint key, Watch watch)
    {
        var (found, seen) = (new List<JsonElement>(), new HashSet<string>(StringComparer.Ordinal));
        while (true)
        {
            var page = await GetPageAsync(
                $"{path}?{filter}{(filter.Length > 0 ? "&" : "")}limit={PageLength}&offset={found.Count}", watch);
            var fresh = page
                .Where(item => DicomJson.Text(item, key) is var uid && DicomJson.IsUid(uid) && seen.Add(uid))
                .ToList();
            if (fresh.Count == 0)
                return found;
            found.AddRange(fresh);
        }
    }

    private async Task<JsonElement[]> GetPageAsync(string path, Watch watch)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(path));
        request.Headers.Accept.Add(new(JsonType));
        using var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, watch.Token);
        if (answer.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotFound)
            return [];
        await RequireSuccessAsync(answer, watch);
        var list = JsonDocument.Parse(await ReadAsync(answer, LongestAnswer, watch)).RootElement;
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : throw new JsonException();
    }

    private Uri AddressOf(string path) => new($"{Options.Address.AbsoluteUri.TrimEnd('/')}/{path}");

    private static async Task RequireSuccessAsync(HttpResponseMessage answer, Watch watch)
    {
        if (answer.IsSuccessStatusCode)
            return;
        var body = await ReadAsync(answer, LongestComplaint, watch);
        throw DicomwebException.OfStatus(answer, Encoding.UTF8.GetString(body.Span));
    }

    // Reads up to a number of bytes; if the status is success, more is an error.
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, int longest, Watch watch)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(watch.Token);
        using var content = new MemoryStream();
        var buffer = new byte[1 << 14];
        for (int count; (count = await body.ReadAsync(buffer, watch.Token)) > 0;)
        {
            watch.Moved();
            content.Write(buffer, 0, count);
            if (content.Length <= longest)
                continue;
            return answer.IsSuccessStatusCode
                ? throw new DicomwebException($"sends more than {longest >> 20} MB for a list", false)
                : content.GetBuffer().AsMemory(0, longest);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}

/// <summary>The series to search for: those of studies, or of all studies since a date.</summary>
internal sealed record SeriesQuery
{
    /// <summary>Study Instance UIDs; empty for a search by <see cref="Since"/>.</summary>
    public IReadOnlyList<string> StudyUids { get; init; } = [];

    /// <summary>A Series Instance UID; null for all series.</summary>
    public string? SeriesUid { get; init; }

    /// <summary>The earliest Study Date.</summary>
    public DateOnly? Since { get; init; }

    /// <summary>The modality that studies must have a series of, in DICOM's spelling.</summary>
    public string Modality { get; init; } = "CT";
}

/// <summary>A series on a server; Modality and Description may be empty.</summary>
internal sealed record RemoteSeries(string StudyUid, string Uid, string Modality, string Description)
{
    /// <summary>Its name in messages.</summary>
    public string Title => Description.Length > 0 ? $"Series '{Description}' ({Uid})" : $"Series {Uid}";
}
