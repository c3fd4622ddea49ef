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
    public async Task SegmentationService_finishes_after_a_kill_what_it_had_accepted()
    {
        string job;
        using (var service = SampleProgram.Start("SegmentationService", Bundle, _folder["jobs"], "0"))
        {
            using var client = new HttpClient { BaseAddress = Address(service), Timeout = TimeSpan.FromMinutes(3) };
            using var answer = await client.PostAsync("/v1/jobs", new ByteArrayContent(await File.ReadAllBytesAsync(_image)));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Accepted), await answer.Content.ReadAsStringAsync());
            job = answer.Headers.Location!.OriginalString;
            while (await StateAsync(client, job) == "queued")
                await Task.Delay(10);
        }

        using (var service = SampleProgram.Start("SegmentationService", Bundle, _folder["jobs"], "0"))
        {
            using var client = new HttpClient { BaseAddress = Address(service), Timeout = TimeSpan.FromMinutes(3) };
            while (await StateAsync(client, job) is "queued" or "running")
                await Task.Delay(100);
            await File.WriteAllBytesAsync(_folder["answer.nii.gz"], await client.GetByteArrayAsync(job + "/result"));
            Assert.That(MeanDice(Classes(_folder["answer.nii.gz"])), Is.GreaterThan(0.8));
        }
    }

    private static async Task<string?> StateAsync(HttpClient client, string job) =>
        (await client.GetFromJsonAsync<JsonElement>(job)).GetProperty("state").GetString();

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
}
