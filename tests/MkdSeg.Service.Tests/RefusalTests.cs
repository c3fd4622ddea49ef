using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace MkdSeg.Service.Tests;

/// <summary>Uploads that are not taken; nothing of them may remain.</summary>
[NonParallelizable]
public class RefusalTests
{
    private const int MostMb = 1;
    private const int Most = MostMb << 20;
    private TemporaryFolder _folder = null!;
    private RunningService _service = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _folder = new();
        _service = await RunningService.StartAsync(_folder["jobs"], options => options with { MaxUploadMb = MostMb, Queue = 1 });
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _service.DisposeAsync();
        _folder.Dispose();
    }

    [TearDown]
    public void Nothing_remains() => Assert.That(_service.JobFolders, Is.Empty);

    [Test]
    public async Task What_is_larger_than_the_limit()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/jobs")
        {
            Content = new ByteArrayContent(new byte[3 * Most]),
            Headers = { ExpectContinue = true },
        };
        var sentence = await RunningService.RefusedAsync(_service.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge);
        Assert.That(sentence, Is.EqualTo("The upload is larger than 1 MiB."));
    }

    [TestCase("")]
    [TestCase("these are no voxels")]
    public async Task What_is_no_volume(string body) =>
        await RunningService.RefusedAsync(_service.PostAsync(Encoding.ASCII.GetBytes(body)), HttpStatusCode.UnprocessableEntity);

    [Test]
    public async Task A_multipart_body_without_a_file_or_end()
    {
        using var empty = new MultipartFormDataContent { { new StringContent("text"), "field" } };
        await RunningService.RefusedAsync(_service.Client.PostAsync("/v1/jobs", empty), HttpStatusCode.UnprocessableEntity);
        using var broken = new StringContent("--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\nabc");
        broken.Headers.ContentType = new("multipart/form-data") { Parameters = { new("boundary", "x") } };
        await RunningService.RefusedAsync(_service.Client.PostAsync("/v1/jobs", broken), HttpStatusCode.BadRequest);
    }

    [TestCase("../../evil.nii")]
    [TestCase("a/../../evil.nii")]
    [TestCase("/etc/evil.nii")]
    [TestCase(@"..\evil.nii")]
    [TestCase(@"C:\evil.nii")]
    public async Task A_zip_that_names_files_outside_itself(string name)
    {
        var sentence = await RunningService.RefusedAsync(
            _service.PostAsync(Zip((name, new byte[400]))), HttpStatusCode.UnprocessableEntity);
        Assert.That(sentence, Does.StartWith("The zip archive names files outside itself"));
        Assert.That(Directory.EnumerateFiles(_folder.Path, "evil*", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public async Task A_zip_that_unpacks_to_more_than_the_limit()
    {
        var many = Enumerable.Range(0, 3).Select(i => ($"{i}.nii", new byte[3 * Most])).ToArray();
        var sentence = await RunningService.RefusedAsync(_service.PostAsync(Zip(many)), HttpStatusCode.RequestEntityTooLarge);
        Assert.That(sentence, Is.EqualTo("Unpacked, the zip archive is larger than 8 MiB."));
    }

    [Test]
    public async Task A_zip_that_holds_more_than_it_says()
    {
        var zip = Zip(("a.nii", new byte[9 * Most]));
        // The length in the central directory, 24 bytes after its signature.
        var directory = zip.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BitConverter.TryWriteBytes(zip.AsSpan(directory + 24), 1000);
        await RunningService.RefusedAsync(_service.PostAsync(zip), HttpStatusCode.UnprocessableEntity);
    }

    [Test]
    public async Task A_gzip_file_that_unpacks_to_more_than_the_limit()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(new byte[9 * Most]);
        await RunningService.RefusedAsync(_service.PostAsync(packed.ToArray()), HttpStatusCode.RequestEntityTooLarge);
    }

    [TestCase("ElementDataFile = /etc/passwd")]
    [TestCase("ElementDataFile = ../other/volume.raw")]
    [TestCase(@"elementdatafile=..\volume.raw")]
    [TestCase("ElementDataFile = LIST\n/etc/passwd")]
    public async Task A_header_that_names_voxels_of_others(string field)
    {
        var header = $"ObjectType = Image\nNDims = 3\nDimSize = 4 4 4\nElementType = MET_UCHAR\n{field}\n";
        var sentence = await RunningService.RefusedAsync(
            _service.PostAsync(("ct.mhd", Encoding.ASCII.GetBytes(header))), HttpStatusCode.UnprocessableEntity);
        Assert.That(sentence, Does.Contain("upload header and voxels together"));
    }

    [Test]
    public async Task A_header_with_more_voxels_than_memory()
    {
        var header = "ObjectType = Image\nNDims = 3\nDimSize = 30000 30000 30000\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n";
        await RunningService.RefusedAsync(
            _service.PostAsync(("ct.mha", Encoding.ASCII.GetBytes(header))), HttpStatusCode.UnprocessableEntity);
    }

    [Test]
    public async Task The_upload_of_a_client_that_goes_away()
    {
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(_service.Address.Host, _service.Address.Port);
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                "POST /v1/jobs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nthe first bytes"));
            for (var i = 0; i < 200 && _service.JobFolders.Length == 0; i++)
                await Task.Delay(25);
            Assert.That(_service.JobFolders, Has.Length.EqualTo(1));
            await RunningService.RefusedAsync(_service.PostAsync(PhantomScan.Nifti), HttpStatusCode.ServiceUnavailable);
        }

        for (var i = 0; i < 400 && _service.JobFolders.Length > 0; i++)
            await Task.Delay(25);
        // Its place in the queue is free again.
        await RunningService.RefusedAsync(_service.PostAsync([1, 2, 3]), HttpStatusCode.UnprocessableEntity);
    }

    private static byte[] Zip(params (string Name, byte[] Bytes)[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in files)
            {
                using var to = zip.CreateEntry(name).Open();
                to.Write(bytes);
            }
        }

        return packed.ToArray();
    }
}
