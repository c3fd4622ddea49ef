using System.Globalization;
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
    /// The graded phantom CT of <see cref="AgreementTests"/>: with each grade a fifth of the contrast agent is gone and there
    /// are 25 HU more noise.
    /// </summary>
    [Test]
    public void Graded_phantoms_become_doubtful_as_their_Dice_falls()
    {
        const int people = 4;
        var rows = new List<(int Grade, CaseResult Result, double Dice)>();
        for (var person = 0; person < people; person++)
        {
            var phantom = PhantomGenerator.Generate(new() { Seed = UnseenSeed + (ulong)person });
            foreach (var grade in (int[])[0, 2, 4, 5])
            {
                var (result, mask) = Score(AgreementTests.Degrade(phantom.Image, grade));
                var dice = Dice.PerStructure(mask!, phantom.Classes, LabelSet.WholeHeart.ClassCount);
                rows.Add((grade, result, dice.Average(value => double.IsNaN(value) ? 0 : value)));
            }
        }

        foreach (var grade in rows.GroupBy(row => row.Grade))
        {
            TestContext.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"grade {grade.Key}: Dice {grade.Average(row => row.Dice):0.000}, agreement "
                + $"{grade.Average(row => row.Result.Agreement):0.000} (least {grade.Min(row => row.Result.Agreement):0.000}), "
                + $"doubtful {grade.Count(row => row.Result.Status == CaseStatus.Doubtful)} of {people}"));
        }

        foreach (var row in rows.Where(row => row.Result.Status == CaseStatus.Doubtful))
            TestContext.Out.WriteLine($"grade {row.Grade}: {row.Result.Reason}");
        var good = rows.Where(row => row.Grade == 0).Select(row => row.Result.Status);
        Assert.That(good, Is.All.EqualTo(CaseStatus.Ok), "full contrast, no extra noise");
        var worst = rows.Where(row => row.Grade == 5).Select(row => row.Result.Status);
        Assert.That(worst, Is.All.EqualTo(CaseStatus.Doubtful), "no contrast agent left, noise of 125 HU");
    }

    [Test]
    public void Without_contrast_agent_a_case_is_doubtful_and_says_so()
    {
        var image = PhantomGenerator.Generate(new() { Seed = UnseenSeed }).Image;
        // Blood of 300 HU becomes 66 HU, as in the latest phase that shows anything.
        var (result, _) = Score(Map(image, value => value > 40 ? 40 + ((value - 40) * 0.1f) : value));
        TestContext.Out.WriteLine(result.Reason);
        Assert.That(result.Status, Is.EqualTo(CaseStatus.Doubtful).Or.EqualTo(CaseStatus.Failed));
        Assert.That(result.Reason, Does.Contain("no contrast"));
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

    [TestCase("covid-ct-md", "native_ct.nii.gz", CaseStatus.Doubtful, "no contrast")]
    [TestCase("totalsegmentator", "thorax_ct.nii.gz", CaseStatus.Ok, "")]
    [TestCase("totalsegmentator", "mr_small.nii.gz", CaseStatus.Doubtful, "Hounsfield")]
    public void Real_volumes_get_the_status_they_deserve(string folder, string file, CaseStatus expected, string reason)
    {
        if (SharedData.Find(folder, file) is not { } path)
        {
            Assert.Ignore($"../shared/data/{folder}/{file} is not there.");
            return;
        }

        var (result, _) = Score(VolumeFile.ReadIntensities(path));
        TestContext.Out.WriteLine($"{file}: {result.Status}: {result.Reason}");
        // A volume without a heart at all fails, which is no worse.
        Assert.That(
            result.Status,
            expected == CaseStatus.Doubtful ? Is.EqualTo(expected).Or.EqualTo(CaseStatus.Failed) : Is.EqualTo(expected),
            result.Reason);
        if (result.Status == expected)
            Assert.That(result.Reason, Does.Contain(reason));
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
