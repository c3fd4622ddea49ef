using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using MkdSeg.IO.Dicom;
using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Tests;

/// <summary>A DICOMweb server on this machine that can be told to fail.</summary>
internal sealed class FakePacs : IAsyncDisposable
{
    public const string Boundary = "the border of parts";
    private readonly WebApplication _app;
    private readonly TemporaryFolder _folder = new();
    private int _requests;

    private FakePacs(WebApplication app) => _app = app;

    /// <summary>Instances: study, series, SOP Instance UID, bytes.</summary>
    public ConcurrentDictionary<string, (string Study, string Series, string Modality, byte[] Bytes)> Instances { get; } = new();

    /// <summary>Method and path of each request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>Asked before each request, counted from 1; true where it has answered.</summary>
    public Func<HttpContext, int, Task<bool>> Trouble { get; set; } = (_, _) => Task.FromResult(false);

    /// <summary>Changes an instance on its way out.</summary>
    public Func<byte[], byte[]> Outgoing { get; set; } = bytes => bytes;

    /// <summary>What storing answers; null for success.</summary>
    public Func<string, (int Status, int Reason)?> Refusal { get; set; } = _ => null;

    /// <summary>The most that one page of a search has.</summary>
    public int PageLength { get; set; } = 1000;

    public Uri Address => new(_app.Urls.First() + "/dicom-web");

    public DicomwebOptions Options => new()
    {
        Address = Address,
        Patience = TimeSpan.FromSeconds(3),
        IdleLimit = TimeSpan.FromMilliseconds(700),
        FirstDelay = TimeSpan.FromMilliseconds(10),
        LongestDelay = TimeSpan.FromMilliseconds(100),
    };

    public int Count(string method) => Requests.Count(request => request.StartsWith(method, StringComparison.Ordinal));

    public static async Task<FakePacs> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(
            server => server.Listen(IPAddress.Loopback, 0, listen =>
            {
                if (certificate is not null)
                    listen.UseHttps(certificate);
            }));
        var app = builder.Build();
        var pacs = new FakePacs(app);
        app.Run(pacs.AnswerAsync);
        await app.StartAsync();
        return pacs;
    }

    public void Add(params IEnumerable<DicomSlice> slices)
    {
        foreach (var slice in slices)
            Add(slice.ToBytes());
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    private string Add(byte[] bytes)
    {
        var path = _folder[$"{Guid.NewGuid():N}"];
        File.WriteAllBytes(path, bytes);
        var image = DicomParser.Read(path)!.Images.First();
        var uid = image.Text(DicomTag.SopInstance);
        Instances[uid] = (image.Text(DicomTag.StudyInstance), image.SeriesUid, image.Modality, bytes);
        File.Delete(path);
        return uid;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}");
        if (await Trouble(context, Interlocked.Increment(ref _requests)))
            return;
        // /dicom-web/studies/1/series/2/instances/3
        var path = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries)[1..];
        string? Part(int i) => path.Length > i ? path[i] : null;
        var (study, series, uid) = (Part(1), Part(3), Part(5));
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await StoreAsync(context);
            return;
        }

        var chosen = Instances
            .Where(item => (study ?? item.Value.Study, series ?? item.Value.Series, uid ?? item.Key)
                == (item.Value.Study, item.Value.Series, item.Key))
            .OrderBy(item => item.Key, StringComparer.Ordinal).ToList();
        if (context.Request.Headers.Accept.ToString().Contains("application/dicom+json", StringComparison.Ordinal))
        {
            var items = path[^1] switch
            {
                "studies" => chosen.Select(item => item.Value.Study).Distinct().Select(found => Json(("0020000D", found))),
                "series" => chosen.GroupBy(item => item.Value.Series).Select(group => Json(
                    ("0020000E", group.Key), ("00080060", group.First().Value.Modality), ("0008103E", "Thorax"))),
                _ => chosen.Select(item => Json(("00080018", item.Key))),
            };
            var skip = int.Parse(context.Request.Query["offset"]!, System.Globalization.CultureInfo.InvariantCulture);
            await WriteAsync(context, items.Skip(skip).Take(PageLength));
            return;
        }

        context.Response.ContentType = $"multipart/related; type=\"application/dicom\"; boundary=\"{Boundary}\"";
        await WritePartsAsync(context, chosen.Select(item => item.Value.Bytes));
        await context.Response.WriteAsync($"\r\n--{Boundary}--\r\n");
    }

    /// <summary>Writes parts without an end.</summary>
    public async Task WritePartsAsync(HttpContext context, IEnumerable<byte[]> parts)
    {
        foreach (var bytes in parts)
        {
            await context.Response.WriteAsync($"\r\n--{Boundary}\r\nContent-Type: application/dicom\r\n\r\n");
            await context.Response.Body.WriteAsync(Outgoing(bytes));
        }
    }

    private async Task StoreAsync(HttpContext context)
    {
        var boundary = Microsoft.Net.Http.Headers.MediaTypeHeaderValue.Parse(context.Request.ContentType).Boundary.Value!;
        var reader = new MultipartReader(boundary.Trim('"'), context.Request.Body);
        var (stored, failed, status) = (new List<object>(), new List<object>(), 200);
        while (await reader.ReadNextSectionAsync() is { } part)
        {
            Assert.That(part.ContentType, Is.EqualTo("application/dicom"));
            using var bytes = new MemoryStream();
            await part.Body.CopyToAsync(bytes);
            var uid = Add(bytes.ToArray());
            if (Refusal(uid) is { } refusal)
            {
                Instances.TryRemove(uid, out _);
                (status, _) = refusal;
                failed.Add(new Dictionary<string, object>
                {
                    ["00081155"] = new { vr = "UI", Value = (string[])[uid] },
                    ["00081197"] = new { vr = "US", Value = (int[])[refusal.Reason] },
                });
            }
            else
            {
                stored.Add(Json(("00081155", uid)));
            }
        }

        context.Response.StatusCode = status;
        var answer = new Dictionary<string, object>();
        if (stored.Count > 0)
            answer["00081199"] = new { vr = "SQ", Value = stored };
        if (failed.Count > 0)
            answer["00081198"] = new { vr = "SQ", Value = failed };
        await WriteAsync(context, answer);
    }

    private static Task WriteAsync(HttpContext context, object answer) =>
        context.Response.WriteAsJsonAsync(answer, JsonSerializerOptions.Default, "application/dicom+json");

    private static Dictionary<string, object> Json(params (string Tag, string Value)[] elements) =>
        elements.ToDictionary(element => element.Tag, element => (object)new { vr = "UI", Value = (string[])[element.Value] });
}
