using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>Whether the shipped bundle says when it does not know. docs/scoring.md has the figures.</summary>
public class QualityTests
{
    private const ulong UnseenSeed = 20261122;
    private static readonly ModelBundle Bundle = ModelBundle.Load(Repository.File("onnx/phantom-ct"));
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    /// <summary>
    /// Graded phantoms of every contrast phase: the segmentors' agreement, which needs no annotation, tells cases with a mean
    /// Dice below .8. docs/quality-thresholds.md has the figures of more of them, printed by <c>mkdseg evaluate --doubts</c>.
    /// </summary>
    [Test]
    public void Doubts_tell_bad_masks_from_good_ones()
    {
        var manifest = PhantomDataset.Write(_folder["graded"], new()
        {
            Seed = UnseenSeed, CtTrain = 0, MrTrain = 0, CtTest = 5, Variation = PhantomVariation.Clinical, Grades = 6,
        });
        new FolderScorer(Bundle, new() { Inference = new() { Device = "cpu", Threads = 2 } })
            .Score(_folder["graded", "ct_test"], _folder["graded masks"]);
        var comparison = MaskComparison.OfFolders(
            _folder["graded masks"], _folder["graded", "ct_test"], manifest.LabelSet);
        TestContext.Out.WriteLine(comparison.Table.ToText());
        var report = DoubtReport.Read(_folder["graded masks"], comparison.Table, leastDice: 0.8);
        TestContext.Out.WriteLine(report);
        Assert.That(report.Agreement.BadCount, Is.InRange(5, 25), "bad ones and good ones");
        Assert.That(report.Agreement.Area, Is.GreaterThanOrEqualTo(0.95));
        Assert.That(report.Count(CaseStatus.Ok, isBad: true), Is.LessThanOrEqualTo(2), "bad masks that are called ok");
    }

    [Test]
    public void A_volume_that_is_no_chest_CT_is_not_ok()
    {
        var image = PhantomGenerator.Generate(new() { Seed = UnseenSeed }).Image;
        var (whole, _) = Score(image);
        Assert.That(whole.Status, Is.EqualTo(CaseStatus.Ok), whole.Reason);
        var mr = PhantomGenerator.Generate(new() { Seed = UnseenSeed, Modality = PhantomModality.Mr }).Image;
        Assert.Multiple(() =>
        {
            AssertNotOk("stored values", Map(image, value => value + 1024), "Hounsfield");
            AssertNotOk("nothing below -200 HU", Map(image, value => Math.Max(value, -199)), "Hounsfield");
            AssertNotOk("8 bits", Map(image, value => Math.Clamp(MathF.Round((value + 200) / 3), 0, 255)), "Hounsfield");
            AssertNotOk("MR", mr, "");
            AssertNotOk("lower half", Slices(image, 0, image.Grid.Size.Z / 2), "");
            AssertNotOk("upper half", Slices(image, image.Grid.Size.Z / 2, image.Grid.Size.Z), "");
            AssertNotOk("left half", Columns(image, 0, image.Grid.Size.X / 2), "");
        });

        void AssertNotOk(string what, Volume<float> volume, string reason)
        {
            var (result, _) = Score(volume);
            TestContext.Out.WriteLine($"{what}: {result.Status}: {result.Reason}");
            Assert.That(result.Status, Is.EqualTo(CaseStatus.Doubtful).Or.EqualTo(CaseStatus.Failed), what);
            Assert.That(result.Reason, Does.Contain(reason), what);
        }
    }

    [Test]
    public void A_real_MR_is_doubtful_or_has_no_heart()
    {
        if (SharedData.Find("totalsegmentator", "mr_small.nii.gz") is not { } path)
        {
            Assert.Ignore("../shared/data/totalsegmentator/mr_small.nii.gz is not there.");
            return;
        }

        var (result, _) = Score(VolumeFile.ReadIntensities(path));
        TestContext.Out.WriteLine($"{result.Status}: {result.Reason}");
        Assert.That(result.Status, Is.EqualTo(CaseStatus.Doubtful).Or.EqualTo(CaseStatus.Failed));
        Assert.That(result.Reason, Does.Contain("Hounsfield"));
    }

    private (CaseResult Result, Volume<byte>? Mask) Score(Volume<float> image)
    {
        var run = $"run{_runs++}";
        VolumeFile.Write(image, _folder[run, "ct.nii"]);
        var summary = new FolderScorer(Bundle, new() { Inference = new() { Device = "cpu", Threads = 2 } })
            .Score(_folder[run, "ct.nii"], _folder[run, "out"]);
        var result = summary.Cases.Single();
        return (result, result.IsWritten
            ? Bundle.LabelSet.ToClasses(VolumeFile.ReadLabels(_folder[run, "out", "ct.nii.gz"]), "mask")
            : null);
    }

    private static Volume<float> Map(Volume<float> image, Func<float, float> map) =>
        new(image.Grid, Array.ConvertAll(image.Voxels, value => map(value)));

    private static Volume<float> Slices(Volume<float> image, int first, int end)
    {
        var (grid, slice) = (image.Grid, image.Grid.Size.SliceLength);
        return new(
            new(grid.Size with { Z = end - first }, grid.SpacingMm, grid.ToPoint(new(0, 0, first)), grid.Direction),
            image.Voxels[(first * slice)..(end * slice)]);
    }

    private static Volume<float> Columns(Volume<float> image, int first, int end)
    {
        var grid = image.Grid;
        var part = new Volume<float>(
            new(grid.Size with { X = end - first }, grid.SpacingMm, grid.ToPoint(new(first, 0, 0)), grid.Direction));
        for (var z = 0; z < grid.Size.Z; z++)
        {
            for (var y = 0; y < grid.Size.Y; y++)
            {
                for (var x = first; x < end; x++)
                    part[x - first, y, z] = image[x, y, z];
            }
        }

        return part;
    }
}
