using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.Samples.Tests;

/// <summary>The samples, run as a reader would, with the bundle that ships and a phantom CT.</summary>
[NonParallelizable]
public class SampleTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private TemporaryFolder _folder = null!;
    private string _image = "";
    private Volume<byte> _label = null!;

    [OneTimeSetUp]
    public void Make_a_case()
    {
        _folder = new TemporaryFolder();
        var manifest = PhantomDataset.Write(
            _folder["data"], new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        var entry = manifest.Cases.Single();
        Directory.CreateDirectory(_folder["in"]);
        _image = _folder["in", "case.nii.gz"];
        File.Copy(manifest.ImagePath(entry), _image);
        _label = Classes(manifest.LabelPath(entry)!);
    }

    [OneTimeTearDown]
    public void Remove_the_case() => _folder.Dispose();

    [Test]
    public void ScoreFolder_writes_a_mask_per_volume()
    {
        var lines = SampleProgram.Run("ScoreFolder", Bundle, _folder["in"], _folder["masks"]);
        Assert.That(lines, Is.EqualTo(new[] { _folder["masks", "case.nii.gz"] }));
        Assert.That(MeanDice(Classes(lines[0])), Is.GreaterThan(0.8));
    }

    [Test]
    public void A_saved_pipeline_gives_the_same_without_its_bundle_where_there_is_nothing_but_our_packages()
    {
        Directory.CreateDirectory(_folder["bundle"]);
        foreach (var file in Directory.GetFiles(Bundle))
            File.Copy(file, _folder["bundle", Path.GetFileName(file)]);
        var first = SampleProgram.Run(
            "ScoreFolder", _folder["bundle"], _folder["in"], _folder["first"], _folder["model.zip"]).Single();
        Directory.Delete(_folder["bundle"], recursive: true);
        var second = SampleProgram.Run("ScoreFolder", _folder["model.zip"], _folder["in"], _folder["second"]).Single();
        Assert.That(Classes(second).Voxels, Is.EqualTo(Classes(first).Voxels).AsCollection);
    }

    [Test]
    public void CustomPipeline_saves_loads_and_reports()
    {
        var line = SampleProgram.Run("CustomPipeline", Bundle, _image, _folder["own.zip"]).Single();
        var expected = StructureVolumes.InMl(_label, LabelSet.WholeHeart.ClassCount)[2];
        Assert.That(line, Does.Match(@"^left ventricle \d+ mL, myocardium \d+ g"));
        var found = double.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture);
        Assert.That(found, Is.EqualTo(expected).Within(20).Percent);
        Assert.That(_folder["own.zip"], Does.Exist);
    }

    [Test]
    public async Task SegmentationService_answers_with_mask_and_volumes()
    {
        const long Most = 8 << 20;
        using var service = SampleProgram.Start(
            "SegmentationService", "--Bundle", Bundle, "--urls", "http://127.0.0.1:0", "--LargestUploadBytes", $"{Most}");
        using var client = new HttpClient { BaseAddress = Address(service), Timeout = TimeSpan.FromMinutes(3) };
        Assert.That(await client.GetStringAsync("/health"), Is.EqualTo("Healthy"));

        using var answer = await Post(client, await File.ReadAllBytesAsync(_image));
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), await answer.Content.ReadAsStringAsync());
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>();
        await File.WriteAllBytesAsync(_folder["answer.nii.gz"], json.GetProperty("mask").GetBytesFromBase64());
        var mask = Classes(_folder["answer.nii.gz"]);
        Assert.That(MeanDice(mask), Is.GreaterThan(0.8));
        var volumes = StructureVolumes.InMl(mask, LabelSet.WholeHeart.ClassCount);
        foreach (var (structure, volume) in LabelSet.WholeHeart.Structures.Zip(volumes))
        {
            var found = json.GetProperty("volumesMl").GetProperty(structure.Name).GetDouble();
            Assert.That(found, Is.EqualTo(volume).Within(0.01), structure.Name);
        }

        using var refused = await Post(client, [1, 2, 3]);
        Assert.That(refused.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
        // Asks before it sends, so that the answer is not lost in a closed connection.
        using var large = new HttpRequestMessage(HttpMethod.Post, "/segmentations")
        {
            Content = new ByteArrayContent(new byte[Most + 1]),
            Headers = { ExpectContinue = true },
        };
        using var tooLarge = await client.SendAsync(large);
        Assert.That(tooLarge.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
    }

    [Test]
    public async Task SegmentationService_sends_away_what_its_queue_cannot_hold()
    {
        using var service = SampleProgram.Start(
            "SegmentationService", "--Bundle", Bundle, "--urls", "http://127.0.0.1:0", "--LongestQueue", "0");
        using var handler = new SocketsHttpHandler { Expect100ContinueTimeout = TimeSpan.FromMinutes(3) };
        using var client = new HttpClient(handler)
        {
            BaseAddress = Address(service),
            Timeout = TimeSpan.FromMinutes(3),
        };
        var held = new HeldContent();
        using var slow = new HttpRequestMessage(HttpMethod.Post, "/segmentations")
        {
            Content = held,
            Headers = { ExpectContinue = true },
        };
        var first = client.SendAsync(slow);
        // The service asks for the body of a request that it has let in.
        Assert.That(await Task.WhenAny(held.AskedFor, first), Is.SameAs(held.AskedFor), "the first request was sent away");

        using var second = await Post(client, [1, 2, 3]);
        Assert.That(second.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        held.Release();
        using var answer = await first;
        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.UnprocessableEntity));
    }

    [Test]
    public async Task SegmentationService_without_its_bundle_is_not_healthy()
    {
        using var service = SampleProgram.Start(
            "SegmentationService", "--Bundle", _folder["nowhere"], "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = Address(service) };
        using var health = await client.GetAsync("/health");
        Assert.That(health.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await health.Content.ReadAsStringAsync(), Is.EqualTo("Unhealthy"));
    }

    private static Task<HttpResponseMessage> Post(HttpClient client, byte[] body) =>
        client.PostAsync("/segmentations", new ByteArrayContent(body));

    /// <summary>Where the service listens, which its log says.</summary>
    private static Uri Address(SampleProgram service)
    {
        const string Announcement = "Now listening on: ";
        while (service.Output.ReadLine() is { } line)
        {
            if (line.IndexOf(Announcement, StringComparison.Ordinal) is >= 0 and var at)
                return new(line[(at + Announcement.Length)..]);
        }

        throw new InvalidOperationException("The service ended without listening.");
    }

    private static Volume<byte> Classes(string path) =>
        LabelSet.WholeHeart.ToClasses(VolumeFile.ReadLabels(path), path);

    private double MeanDice(Volume<byte> mask) =>
        Dice.PerStructure(mask, _label, LabelSet.WholeHeart.ClassCount).Average();

    /// <summary>A body that comes to no end before it is released, and fast enough not to be given up by the server.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _askedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new();

        public Task AskedFor => _askedFor.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _askedFor.SetResult();
            var chunk = new byte[1024];
            while (!_released.Task.IsCompleted)
            {
                await stream.WriteAsync(chunk);
                await stream.FlushAsync();
                await Task.WhenAny(_released.Task, Task.Delay(100));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
