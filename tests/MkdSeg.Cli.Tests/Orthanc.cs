using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using MkdSeg.TestKit;

namespace MkdSeg.Cli.Tests;

/// <summary>An Orthanc with DICOMweb on free ports of this machine, with a storage of its own and a user.</summary>
internal sealed class Orthanc : IDisposable
{
    public const string User = "mkdseg";
    public const string Password = "not-on-the-command-line";
    public const string Plugin = "/usr/share/orthanc/plugins/libOrthancDicomWeb.so";
    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http = new();
    private RunningProgram? _program;

    public Orthanc()
    {
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")));
        Directory.CreateDirectory(_folder["storage"]);
        _folder.Write("orthanc.json", new JsonObject
        {
            ["StorageDirectory"] = _folder["storage"],
            ["IndexDirectory"] = _folder["storage"],
            ["Plugins"] = new JsonArray(Plugin),
            [nameof(HttpPort)] = HttpPort,
            [nameof(DicomPort)] = DicomPort,
            ["AuthenticationEnabled"] = true,
            ["RegisteredUsers"] = new JsonObject { [User] = Password },
            // So that an object that comes twice shows in the log of changes.
            ["OverwriteInstances"] = true,
        }.ToJsonString());
    }

    public int HttpPort { get; } = FreePort();

    public int DicomPort { get; } = FreePort();

    public string Address => $"http://127.0.0.1:{HttpPort}/dicom-web";

    /// <summary>Starts it, again with what it held before.</summary>
    public Orthanc Start()
    {
        _program = new("Orthanc", [_folder["orthanc.json"]]);
        _program.UntilSaid("Orthanc has started");
        return this;
    }

    public void Stop()
    {
        _program?.Interrupt();
        _program?.Dispose();
        _program = null;
    }

    /// <summary>Series of a modality: Orthanc's own ids.</summary>
    public string[] Series(string modality) =>
    [
        .. Get("/series?expand").AsArray()
            .Where(series => (string?)series!["MainDicomTags"]!["Modality"] == modality)
            .Select(series => (string)series!["ID"]!),
    ];

    /// <summary>Instances that arrived, those that came twice counted twice.</summary>
    public int ArrivedCount =>
        Get("/changes?limit=100000")["Changes"]!.AsArray().Count(change => (string?)change!["ChangeType"] == "NewInstance");

    /// <summary>Study, series and SOP Instance UID of each instance of a series.</summary>
    public (string Study, string Series, string Uid)[] Instances(string series)
    {
        var tags = Get($"/series/{series}")["MainDicomTags"]!;
        var study = (string)Get($"/series/{series}/study")["MainDicomTags"]!["StudyInstanceUID"]!;
        return
        [
            .. Get($"/series/{series}/instances").AsArray().Select(instance =>
                (study, (string)tags["SeriesInstanceUID"]!, (string)instance!["MainDicomTags"]!["SOPInstanceUID"]!)),
        ];
    }

    /// <summary>An instance as DICOMweb gives it out.</summary>
    public byte[] Retrieve((string Study, string Series, string Uid) instance)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, $"{Address}/studies/{instance.Study}/series/{instance.Series}/instances/{instance.Uid}");
        request.Headers.TryAddWithoutValidation("Accept", "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
        using var answer = _http.Send(request);
        using var body = new MemoryStream();
        answer.EnsureSuccessStatusCode().Content.ReadAsStream().CopyTo(body);
        var bytes = body.ToArray();
        var boundary = answer.Content.Headers.ContentType!.Parameters.Single(parameter => parameter.Name == "boundary").Value!;
        var start = bytes.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var end = bytes.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes($"\r\n--{boundary.Trim('"')}--"));
        return bytes[start..end];
    }

    public void Dispose()
    {
        Stop();
        _http.Dispose();
        _folder.Dispose();
    }

    private JsonNode Get(string path) =>
        _http.GetFromJsonAsync<JsonNode>($"http://127.0.0.1:{HttpPort}{path}").GetAwaiter().GetResult()!;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
