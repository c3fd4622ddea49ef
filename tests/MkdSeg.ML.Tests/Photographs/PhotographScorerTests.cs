using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Photographs;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Photographs;

public class PhotographScorerTests
{
    private static readonly LabelSet Labels = new(
    [
        new() { ClassIndex = 1, Name = "road", FullName = "road", Value = 7, Color = "#804080" },
        new() { ClassIndex = 2, Name = "sky", FullName = "sky", Value = 23, Color = "#4682b4" },
    ]);

    private TemporaryFolder _folder = null!;
    private PhotographScorer _scorer = null!;

    [SetUp]
    public void MakePhotographs()
    {
        _folder = new();
        var bundle = BundleWriter.Write(
            _folder["bundle"],
            new()
            {
                Name = "grey",
                Modality = "street",
                Channels = 1,
                PhotographSide = 16,
                Labels = [.. Labels.Structures],
                Preprocessing = TestNetworks.Preprocessing,
                Networks =
                [
                    new()
                    {
                        Role = NetworkRoles.SReal,
                        File = "S_real.onnx",
                        InputName = "image",
                        OutputName = "probabilities",
                        SizeMultiple = 1,
                    },
                ],
            },
            new Dictionary<string, ReadOnlyMemory<byte>> { [NetworkRoles.SReal] = TestNetworks.Threshold() });
        _scorer = new(bundle, new() { Device = "cpu", Threads = 1 });
        foreach (var name in (string[])["a.png", "city/b.png", "city/c.png"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_folder[$"in/{name}"])!);
            Write($"in/{name}");
        }
    }

    [TearDown]
    public void Delete()
    {
        _scorer.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void Label_images_and_results_are_written_under_the_photographs_paths()
    {
        var reports = new List<ScoringProgress>();
        var summary = _scorer.Score(_folder["in"], _folder["in/out"], new Listener(reports));

        Assert.That((summary.OkCount, summary.FailedCount, summary.ExitCode), Is.EqualTo((3, 0, 0)));
        var (labels, coloured) = PhotographFile.ReadLabels(_folder["in/out/city/c.png"]);
        Assert.That(coloured, Is.False);
        // Black, mid and white; the photograph has 16 × 18 pixels, of which six rows are of each.
        Assert.That((labels[0, 0, 0], labels[8, 8, 0], labels[15, 17, 0]), Is.EqualTo((0, 7, 23)));
        Assert.That(
            File.ReadAllLines(summary.ResultsFile)[0],
            Is.EqualTo("case,file,sha256,status,reason,warnings,hash_s,read_s,segment_s,write_s"));
        Assert.That(File.ReadAllText(_folder["in/out/results.json"]), Does.Contain("\"isComplete\": true"));
        Assert.That(reports.Count(report => report.Result is not null), Is.EqualTo(3));
        Assert.That((reports[^1].Done, reports[^1].Total), Is.EqualTo((3.0, 3.0)));

        // Label images of the first call are no photographs of the second one.
        Assert.That(_scorer.Score(_folder["in"], _folder["in/out"]).Cases, Has.Count.EqualTo(3));
    }

    [Test]
    public void A_photograph_that_cannot_be_read_is_one_row_and_the_rest_goes_on()
    {
        File.WriteAllText(_folder["in/city/b.png"], "no picture");

        var summary = _scorer.Score(_folder["in"], _folder["out"]);

        Assert.That((summary.OkCount, summary.FailedCount, summary.ExitCode), Is.EqualTo((2, 1, 2)));
        var failed = summary.Cases[1];
        Assert.Multiple(() =>
        {
            Assert.That(failed.Status, Is.EqualTo(CaseStatus.Failed));
            Assert.That(failed.Case.Name, Is.EqualTo(Path.Combine("city", "b.png")));
            Assert.That(failed.Reason, Does.Contain("b.png").And.EndWith("."));
            Assert.That(failed.Sha256, Has.Length.EqualTo(64));
            Assert.That(File.ReadAllLines(summary.ResultsFile)[2], Does.Contain(",failed,").And.Contain("b.png"));
            Assert.That(File.Exists(_folder["out/city/b.png"]), Is.False);
            Assert.That(File.Exists(_folder["out/city/c.png"]), Is.True);
        });
    }

    [Test]
    public void Nothing_done_is_exit_code_1_and_a_stop_leaves_the_rest()
    {
        using var source = new CancellationTokenSource();
        var summary = _scorer.Score(
            _folder["in"],
            _folder["out"],
            new Listener([], at =>
            {
                if (at.Result is not null)
                    source.Cancel();
            }),
            source.Token);
        Assert.That((summary.IsCancelled, summary.OkCount, summary.ExitCode), Is.EqualTo((true, 1, 2)));
        Assert.That(File.Exists(_folder["out/city/b.png"]), Is.False);
        Assert.That(File.ReadAllText(_folder["out/results.json"]), Does.Contain("\"isComplete\": false"));

        foreach (var file in Directory.GetFiles(_folder["in"], "*.png", SearchOption.AllDirectories))
            File.WriteAllText(file, "");
        Assert.That(_scorer.Score(_folder["in"], _folder["none"]).ExitCode, Is.EqualTo(1));
    }

    [Test]
    public void Label_images_do_not_replace_photographs()
    {
        Assert.That(
            () => _scorer.Score(_folder["in"], _folder["in"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains inputs"));
        Directory.CreateDirectory(_folder["empty"]);
        Assert.That(
            () => _scorer.Score(_folder["empty"], _folder["out"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no PNG"));
    }

    private void Write(string name)
    {
        var bytes = new byte[16 * 18];
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = (i / 16 / 6) switch { 0 => 0, 1 => 100, _ => 255 };
        PhotographFile.WriteLabels(
            new(new Grid(new(16, 18, 1), new(1, 1, 1), default, Direction.Identity), bytes), _folder[name]);
    }

    private sealed class Listener(List<ScoringProgress> reports, Action<ScoringProgress>? then = null)
        : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value)
        {
            reports.Add(value);
            then?.Invoke(value);
        }
    }
}
