using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;
using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Tests;

/// <summary>A server that is slow, drops connections, or answers nonsense.</summary>
public class DicomwebClientTests
{
    private static readonly RemoteSeries Series = new("1.2", "1.2.3", "CT", "Thorax");
    private readonly List<string> _said = [];
    private TemporaryFolder _folder = null!;
    private FakePacs _pacs = null!;

    [SetUp]
    public async Task Start()
    {
        (_folder, _pacs) = (new(), await FakePacs.StartAsync());
        _said.Clear();
        _pacs.Add(new DicomSlice { SeriesUid = "1.2.3" }.Stack(5, 2, (slice, i) => slice with { SopUid = $"1.2.3.{i}" }));
    }

    [TearDown]
    public async Task Stop()
    {
        await _pacs.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task Searches_take_all_pages_of_servers_that_send_few()
    {
        _pacs.PageLength = 2;
        _pacs.Add(new DicomSlice { SeriesUid = "1.2.4", SopUid = "1.2.4.1", Modality = "SEG" });
        using var client = Client();
        var series = await client.FindSeriesAsync(new() { StudyUids = ["1.2"] }, default);
        Assert.That(series, Is.EqualTo((RemoteSeries[])[Series, new("1.2", "1.2.4", "SEG", "Thorax")]));
        Assert.That(await client.FindInstancesAsync("1.2", "1.2.3", default), Has.Count.EqualTo(5));
        Assert.That(await client.FindInstancesAsync("1.2", "1.2.99", default), Is.Empty);
        var since = await client.FindSeriesAsync(new() { Since = new(2026, 11, 1) }, default);
        Assert.That(since, Is.EqualTo(series));
    }

    [Test]
    public async Task A_series_is_fetched_byte_by_byte_in_one_request()
    {
        await FetchAsync();
        Assert.That(_pacs.Requests, Is.EqualTo((string[])["GET /dicom-web/studies/1.2/series/1.2.3"]));
        Assert.That(_said, Is.Empty);
    }

    [Test]
    public async Task Other_files_in_its_folder_are_deleted_and_what_is_there_is_not_fetched()
    {
        await FetchAsync();
        _folder.Write("in/1.2.3.77.dcm", "of a former state of the series");
        File.Delete(_folder["in/1.2.3.2.dcm"]);
        await FetchAsync();
        Assert.That(_pacs.Requests.Last(), Does.EndWith("instances/1.2.3.2"));
        Assert.That(_pacs.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task After_a_connection_that_dropped_only_the_rest_is_fetched()
    {
        _pacs.Trouble = async (context, request) =>
        {
            if (request > 1)
                return false;
            context.Response.ContentType = $"multipart/related; boundary=\"{FakePacs.Boundary}\"";
            await _pacs.WritePartsAsync(
                context, _pacs.Instances.OrderBy(item => item.Key).Take(3).Select(item => item.Value.Bytes));
            await context.Response.Body.FlushAsync();
            // A reset takes with it what the client has not read.
            await Task.Delay(300);
            context.Abort();
            return true;
        };
        await FetchAsync();
        // Of the third part the border behind it never came.
        Assert.That(
            _pacs.Requests.Skip(1).Select(request => request[^7..]), Is.EqualTo((string[])["1.2.3.2", "1.2.3.3", "1.2.3.4"]));
    }

    [TestCase(500)]
    [TestCase(503)]
    [TestCase(0)]
    public async Task What_may_pass_is_tried_again(int status)
    {
        _pacs.Trouble = (context, request) =>
        {
            if (request is < 2 or > 4)
                return Task.FromResult(false);
            if (status == 0)
                context.Abort();
            context.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        using var client = Client();
        await client.FindInstancesAsync("1.2", "1.2.3", default);
        Assert.That(await client.FindInstancesAsync("1.2", "1.2.3", default), Has.Count.EqualTo(5));
        Assert.That(_said, Has.Count.EqualTo(3));
        Assert.That(_said[0], Does.Match(status == 0
            ? @"^The server \S+ (cannot be reached or )?dropped the connection \(.+\); trying again in [\d.]+ s\.$"
            : $@"^The server \S+ answers {status} .+; trying again in [\d.]+ s\.$"));
    }

    [Test]
    public async Task A_server_that_does_not_move_is_left_and_asked_again()
    {
        _pacs.Trouble = async (context, request) =>
        {
            if (request == 1)
                await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return request == 1;
        };
        using var client = Client();
        Assert.That(await client.FindInstancesAsync("1.2", "1.2.3", default), Has.Count.EqualTo(5));
        Assert.That(_said.Single(), Does.Contain("does not answer for 0.7 s; trying again"));
    }

    [Test]
    public async Task A_slow_answer_that_moves_is_waited_for()
    {
        _pacs.Trouble = async (context, _) =>
        {
            context.Response.ContentType = $"multipart/related; boundary=\"{FakePacs.Boundary}\"";
            foreach (var item in _pacs.Instances.Values)
            {
                await _pacs.WritePartsAsync(context, [item.Bytes]);
                await context.Response.Body.FlushAsync();
                await Task.Delay(300);
            }

            await context.Response.WriteAsync($"\r\n--{FakePacs.Boundary}--\r\n");
            return true;
        };
        await FetchAsync();
        Assert.That(_pacs.Requests, Has.Count.EqualTo(1), "1.5 s in all, while 0.7 s of silence would be too long");
    }

    [Test]
    public void Patience_ends_in_one_sentence()
    {
        _pacs.Trouble = async (context, _) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync("disk\nfull \u001b[2J");
            return true;
        };
        using var client = new DicomwebClient(
            _pacs.Options with
            {
                Patience = TimeSpan.FromSeconds(1.5), FirstDelay = TimeSpan.FromSeconds(0.1), LongestDelay = TimeSpan.FromSeconds(5),
            },
            _said.Add);
        Assert.That(
            async () => await client.FindInstancesAsync("1.2", "1.2.3", default),
            Throws.TypeOf<UserErrorException>().With.Message.Matches(
                @"^The images of series 1\.2\.3 cannot be listed: the server \S+/dicom-web answers 500 Internal Server Error "
                + @"\(disk full \?\[2J\), \d+ times in \d+ s; check that it works, then start the same command again\.$"));
        Assert.That(_pacs.Requests, Has.Count.InRange(3, 9), "it would be 15 if waits did not grow");
    }

    [TestCase(401, "answers 401 Unauthorized: it does not accept these credentials; check --user")]
    [TestCase(302, "redirects to http://elsewhere.example/; use that address")]
    [TestCase(400, "answers 400 Bad Request")]
    public void What_does_not_pass_is_said_at_once(int status, string said)
    {
        _pacs.Trouble = (context, _) =>
        {
            context.Response.Headers.Location = "http://elsewhere.example/";
            return Status(context, status);
        };
        using var client = Client();
        Assert.That(
            async () => await client.FindInstancesAsync("1.2", "1.2.3", default),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(said));
        Assert.That(_pacs.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_page_for_people_is_no_answer()
    {
        _pacs.Trouble = async (context, _) =>
        {
            context.Response.ContentType = "text/html";
            await context.Response.WriteAsync("<html>Please log in</html>");
            return true;
        };
        using var client = new DicomwebClient(_pacs.Options with { Patience = TimeSpan.FromMilliseconds(50) }, _said.Add);
        Assert.That(
            async () => await client.FindInstancesAsync("1.2", "1.2.3", default),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("something other than DICOM JSON"));
        Assert.That(
            async () => await client.RetrieveAsync(Series, new HashSet<string> { "1.2.3.1" }, _folder["in"], default),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(
                "type is 'text/html', but multipart/related is expected"));
    }

    [Test]
    public async Task An_instance_that_came_truncated_is_fetched_again()
    {
        var cut = 1;
        _pacs.Outgoing = bytes => cut-- > 0 ? bytes[..^10] : bytes;
        await FetchAsync();
        Assert.That(_pacs.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task One_that_is_damaged_on_the_server_is_kept_as_it_is()
    {
        _pacs.Outgoing = bytes => bytes[..^10];
        using var client = Client();
        var files = await client.RetrieveAsync(Series, new HashSet<string> { "1.2.3.1" }, _folder["in"], default);
        Assert.That(File.ReadAllBytes(files.Single()), Is.EqualTo(_pacs.Instances["1.2.3.1"].Bytes[..^10]));
        Assert.That(_pacs.Requests, Has.Count.EqualTo(3));
        Assert.That(Directory.GetFiles(_folder["in"]), Has.Length.EqualTo(1), "nothing temporary is left");
    }

    [Test]
    public void Another_instance_than_was_asked_for_is_not_taken()
    {
        var other = _pacs.Instances["1.2.3.2"].Bytes;
        _pacs.Outgoing = _ => other;
        using var client = Client();
        Assert.That(
            async () => await client.RetrieveAsync(Series, new HashSet<string> { "1.2.3.1" }, _folder["in"], default),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("sends something else instead of instance 1.2.3.1"));
    }

    [Test]
    public async Task A_certificate_must_be_trusted_unless_told_otherwise()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.Now.AddDays(-1), DateTimeOffset.Now.AddDays(1));
        await using var pacs = await FakePacs.StartAsync(certificate);
        pacs.Add(new DicomSlice { SeriesUid = "1.2.3", SopUid = "1.2.3.1" });
        // The first handshake of a process takes its time.
        var options = pacs.Options with { IdleLimit = TimeSpan.FromSeconds(30) };
        using var client = new DicomwebClient(options, _said.Add);
        Assert.That(
            async () => await client.FindInstancesAsync("1.2", "1.2.3", default),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("presents a certificate that is not trusted here")
                .And.Message.Contains("--insecure"));
        Assert.That(_said, Is.Empty, "it will not be another one a little later");
        using var careless = new DicomwebClient(options with { AcceptAnyCertificate = true }, _said.Add);
        Assert.That(await careless.FindInstancesAsync("1.2", "1.2.3", default), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Credentials_go_with_each_request()
    {
        var seen = new List<string>();
        _pacs.Trouble = (context, _) =>
        {
            seen.Add(context.Request.Headers.Authorization.ToString());
            return Task.FromResult(false);
        };
        var options = _pacs.Options;
        foreach (var own in new[] { options with { User = "doctor", Password = "geheim" }, options with { Token = "abc" } })
        {
            using var client = new DicomwebClient(own, _said.Add);
            await client.FindInstancesAsync("1.2", "1.2.99", default);
        }

        // echo -n doctor:geheim | base64
        Assert.That(seen, Is.EqualTo((string[])["Basic ZG9jdG9yOmdlaGVpbQ==", "Bearer abc"]));
    }

    [Test]
    public async Task Objects_are_stored_and_what_got_through_before_is_not_sent_again()
    {
        using var client = Client();
        var objects = Objects(3);
        _pacs.Trouble = async (context, request) =>
        {
            // The connection breaks when the server has taken one of three.
            if (request != 1)
                return false;
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _pacs.Add(Slice(0));
            context.Abort();
            return true;
        };
        Assert.That(await client.StoreAsync(objects, isUnclear: false, default), Is.Empty);
        Assert.That(
            _pacs.Requests.Select(request => request.Split('?')[0]), Is.EqualTo((string[])
            [
                "POST /dicom-web/studies/1.2", "GET /dicom-web/studies/1.2/series/1.5/instances",
                "GET /dicom-web/studies/1.2/series/1.5/instances", "POST /dicom-web/studies/1.2",
            ]));
        Assert.That(_pacs.Instances.Keys.Where(uid => uid.StartsWith("1.5.", StringComparison.Ordinal)), Has.Exactly(3).Items);

        Assert.That(await client.StoreAsync(objects, isUnclear: true, default), Is.Empty);
        Assert.That(_pacs.Count("POST"), Is.EqualTo(2), "all were there");
    }

    [Test]
    public async Task Refusals_are_told_by_object()
    {
        using var client = Client();
        // SOP class not supported; the same instance is there; out of resources, the first time.
        var full = 1;
        _pacs.Refusal = uid => uid switch
        {
            "1.5.0" => (409, 0x0122),
            "1.5.1" => (409, 0x0111),
            "1.5.2" when full-- > 0 => (409, 0xA700),
            _ => null,
        };
        var refused = await client.StoreAsync(Objects(4), isUnclear: false, default);
        var (item, reason) = refused.Single();
        Assert.That((item.SopUid, reason), Is.EqualTo(("1.5.0", "failure reason 0122")));
        Assert.That(_pacs.Instances.Keys, Has.Member("1.5.2").And.Member("1.5.3"));
        Assert.That(_said.Single(), Does.Contain("accepted only 3 of 4 objects"));
    }

    private static DicomSlice Slice(int i) => new() { SeriesUid = "1.5", SopUid = $"1.5.{i}" };

    private static async Task<bool> Status(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        await context.Response.CompleteAsync();
        return true;
    }

    private List<ResultObject> Objects(int count) => [.. Enumerable.Range(0, count).Select(i =>
        new ResultObject(Slice(i).Write(_folder[$"out/{i}.dcm"]), "1.2", "1.5", $"1.5.{i}"))];

    private DicomwebClient Client() => new(_pacs.Options, _said.Add);

    private async Task FetchAsync()
    {
        using var client = Client();
        var files = await client.RetrieveAsync(Series, _pacs.Instances.Keys.ToHashSet(), _folder["in"], default);
        Assert.That(files.Select(Path.GetFileName), Is.EqualTo(_pacs.Instances.Keys.Order().Select(uid => uid + ".dcm")));
        foreach (var file in files)
            Assert.That(File.ReadAllBytes(file), Is.EqualTo(_pacs.Instances[Path.GetFileNameWithoutExtension(file)].Bytes), file);
        Assert.That(Directory.GetFiles(_folder["in"]), Has.Length.EqualTo(5), "nothing temporary is left");
    }
}
