using System.Text.Json.Nodes;
using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;

namespace MkdSeg.ML.Tests.Scoring;

/// <summary>A run that was stopped goes on where it stopped, and ends as if it had not been.</summary>
public class ResumptionTests
{
    private static readonly ScoringOptions OneThread = new() { Inference = new() { Device = "cpu", Threads = 1 } };
    private readonly TemporaryFolder _folder = new();
    private ModelBundle _bundle = null!;

    [OneTimeSetUp]
    public void MakeCases()
    {
        _bundle = TestNetworks.WriteBundle(_folder["bundle"]);
        for (var i = 0; i < 4; i++)
        {
            var grid = TestVolumes.Grid(new(40, 38, 12 + i), new(3, 3, 6));
            Directory.CreateDirectory(_folder["in"]);
            VolumeFile.Write(TestVolumes.Image(grid), _folder[$"in/ct_{i}.nii.gz"]);
        }

        File.WriteAllText(_folder["in/broken.nii.gz"], "no volume");
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_cancelled_run_goes_on_and_ends_with_the_same_bytes()
    {
        Score("whole");
        using var cancellation = new CancellationTokenSource();
        var first = Score("parts", report: at =>
        {
            if (at.Result?.Status == CaseStatus.Ok)
                cancellation.Cancel();
        }, cancellation: cancellation.Token);
        Assert.That((first.IsCancelled, first.OkCount), Is.EqualTo((true, 1)));
        Assert.That(IsComplete("parts"), Is.False);

        var second = Score("parts");

        Assert.That((second.IsCancelled, second.OkCount, second.KeptCount), Is.EqualTo((false, 4, 1)));
        Assert.That(IsComplete("parts"), Is.True);
        Assert.That(Masks("parts"), Is.EqualTo(Masks("whole")));
        Assert.That(Rows("parts"), Is.EqualTo(Rows("whole")));
        Assert.That(
            second.Cases[1].Seconds, Is.EqualTo(first.Cases[1].Seconds), "a finished case keeps its row");
    }

    [Test]
    public void Finished_cases_are_known_by_content_and_not_by_name_or_place()
    {
        Score("moved");
        Directory.CreateDirectory(_folder["elsewhere"]);
        File.Copy(_folder["in/ct_0.nii.gz"], _folder["elsewhere/ct_0.nii.gz"], overwrite: true);
        File.Copy(_folder["in/ct_2.nii.gz"], _folder["elsewhere/ct_1.nii.gz"], overwrite: true);
        var summary = Score("moved", input: "elsewhere");
        Assert.That((summary.OkCount, summary.KeptCount), Is.EqualTo((2, 1)));
        Assert.That(summary.Cases[0].Case.Path, Is.EqualTo(_folder["elsewhere/ct_0.nii.gz"]));
    }

    [Test]
    public void What_vanished_failed_or_was_made_otherwise_is_made_again()
    {
        Assert.That(Score("again").KeptCount, Is.Zero);
        Assert.That(Score("again").KeptCount, Is.EqualTo(4));
        var masks = Masks("again");
        File.Delete(_folder["again/ct_1.nii.gz"]);
        File.WriteAllText(_folder["again/ct_2.nii.gz"], "cut");
        var afterLoss = Score("again");
        Assert.That((afterLoss.OkCount, afterLoss.KeptCount, afterLoss.FailedCount), Is.EqualTo((4, 2, 1)));
        Assert.That(Masks("again"), Is.EqualTo(masks));
        Assert.Multiple(() =>
        {
            Assert.That(Score("again", OneThread with { Force = true }).KeptCount, Is.Zero, "force");
            Assert.That(Score("again", OneThread with { CleanUp = false }).KeptCount, Is.Zero, "other settings");
            Assert.That(Score("again", OneThread with { CleanUp = false }).KeptCount, Is.EqualTo(4), "the same settings");
            var other = TestNetworks.WriteBundle(
                _folder["other"], TestNetworks.Preprocessing with { InPlaneSpacingMm = 2.5 });
            Assert.That(
                new FolderScorer(other, OneThread with { CleanUp = false }).Score(_folder["in"], _folder["again"]).KeptCount,
                Is.Zero,
                "another model");
        });
    }

    [Test]
    public void Remains_of_a_writer_that_was_killed_are_deleted_and_damaged_records_do_no_harm()
    {
        Score("remains");
        var remains = _folder[$"remains/.{Guid.NewGuid():N}-ct_0.nii.gz"];
        File.WriteAllText(remains, "half");
        File.WriteAllText(_folder["remains/.mkdseg/ct_3.json"], "{ \"version\": ");
        Assert.That(Score("remains").KeptCount, Is.EqualTo(3));
        Assert.That(remains, Does.Not.Exist);
    }

    [Test]
    public void The_bundle_s_hash_follows_what_decides_about_answers()
    {
        var hash = _bundle.ComputeHash();
        Assert.That(hash, Has.Length.EqualTo(64));
        Assert.That((_bundle with { Name = "another", Metrics = [] }).ComputeHash(), Is.EqualTo(hash));
        Assert.That((_bundle with { Modality = "MR" }).ComputeHash(), Is.Not.EqualTo(hash));
        Assert.That(
            (_bundle with { Networks = [_bundle.Networks[0] with { Sha256 = "0" }, _bundle.Networks[1]] }).ComputeHash(),
            Is.Not.EqualTo(hash));
    }

    private ScoringSummary Score(
        string output,
        ScoringOptions? options = null,
        string input = "in",
        Action<ScoringProgress>? report = null,
        CancellationToken cancellation = default) =>
        new FolderScorer(_bundle, options ?? OneThread).Score(
            _folder[input], _folder[output], report is null ? null : new Relay(report), cancellation);

    private Dictionary<string, string> Masks(string folder) => Directory.EnumerateFiles(_folder[folder], "*.nii.gz")
        .ToDictionary(path => Path.GetFileName(path), path => Convert.ToBase64String(File.ReadAllBytes(path)));

    // Without the seconds, which are the last seven columns.
    private string[] Rows(string folder) =>
        [.. File.ReadAllLines(_folder[folder, "results.csv"]).Select(line => string.Join(',', line.Split(',')[..^7]))];

    private bool IsComplete(string folder) =>
        (bool)JsonNode.Parse(File.ReadAllText(_folder[folder, "results.json"]))!["isComplete"]!;

    private sealed class Relay(Action<ScoringProgress> receiver) : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value) => receiver(value);
    }
}
