using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Inference;

public class HeartLocatorTests
{
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1 };

    private static IEnumerable<Direction> Directions() =>
        [Direction.Identity, TestVolumes.Flipped, TestVolumes.Sagittal, TestVolumes.Oblique];

    [TestCaseSource(nameof(Directions))]
    public void Finds_the_ball_whatever_the_orientation(Direction direction)
    {
        var box = Locate(TestVolumes.Image(TestVolumes.Grid(new(60, 56, 40), new(2.5, 2.5, 2.5), direction)))!;
        var expected = TestVolumes.ShellRadiusMm + TestNetworks.LocatorSettings.MarginMm;
        Assert.Multiple(() =>
        {
            Assert.That((box.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(4));
            Assert.That(box.HalfSizeMm.X, Is.EqualTo(expected).Within(4));
            Assert.That(box.HalfSizeMm.Y, Is.EqualTo(expected).Within(4));
            Assert.That(box.HalfSizeMm.Z, Is.EqualTo(expected).Within(4));
        });
    }

    [Test]
    public void A_ball_cut_off_by_the_border_has_its_box_there()
    {
        var grid = TestVolumes.Grid(new(50, 50, 30), new(2, 2, 2), centreMm: TestVolumes.HeartMm + new Vector3D(0, 0, 24));
        var box = Locate(TestVolumes.Image(grid))!;
        var (min, _) = box.IndexRange(grid);
        Assert.That(min.Z, Is.EqualTo(-0.5 - (TestNetworks.LocatorSettings.MarginMm / 2)).Within(2));
    }

    [TestCase(1, 30.0)]
    [TestCase(5, 5.0)]
    public void Few_slices_are_enough(int slices, double thickMm)
    {
        var grid = TestVolumes.Grid(new(60, 60, slices), new(2, 2, thickMm), centreMm: TestVolumes.HeartMm);
        Assert.That((Locate(TestVolumes.Image(grid))!.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(4));
    }

    [Test]
    public void Only_the_largest_part_counts()
    {
        var image = TestVolumes.Image(TestVolumes.Grid());
        for (var x = 0; x < 8; x++)
            image[x, 2, 1] = 800;
        Assert.That((Locate(image)!.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(4));
    }

    [Test]
    public void What_is_too_small_or_too_improbable_is_no_heart()
    {
        var image = TestVolumes.Image(TestVolumes.Grid());
        using var network = new OnnxSegmentor(TestNetworks.Locator(), OneThread);
        var whole = new HeartLocator(network, TestNetworks.LocatorSettings, 4).Search(image);
        Assert.That(whole.VolumeMl, Is.EqualTo(4.0 / 3 * Math.PI * Math.Pow(2.8, 3)).Within(20).Percent);
        var settings = TestNetworks.LocatorSettings with { LeastVolumeMl = whole.VolumeMl + 1 };
        var found = new HeartLocator(network, settings, 4).Search(image);
        Assert.That((found.Box, found.VolumeMl), Is.EqualTo(((HeartBox?)null, whole.VolumeMl)));
        settings = TestNetworks.LocatorSettings with { LeastProbability = whole.Probability + ((1 - whole.Probability) / 2) };
        Assert.That(
            () => new HeartLocator(network, settings, 4).Locate(image, "here.nii"),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("No heart found in here.nii: the largest part")
                .And.Message.Contains("mean probability").And.Message.Contains("crop rule Centre or Whole"));
    }

    [Test]
    public void Networks_of_other_shapes_are_refused()
    {
        using var segmentor = new OnnxSegmentor(TestNetworks.Threshold(), OneThread);
        Assert.That(
            () => new HeartLocator(segmentor, TestNetworks.LocatorSettings),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("takes 1 channels and has 3 classes"));
        using var folder = new TemporaryFolder();
        Assert.That(
            () => new MLContext().Transforms.LocateHeart("Box", "Volume", TestNetworks.WriteBundle(folder["bundle"])),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("has no locator"));
    }

    [Test]
    public void A_bundle_s_pipeline_uses_its_locator_and_saves_with_it()
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext();
        var model = context.Segmentation().LoadModel(
            TestNetworks.WriteBundleWithLocator(folder["bundle"]), new() { Inference = OneThread });
        Directory.CreateDirectory(folder["ct"]);
        VolumeFile.Write(TestVolumes.Image(TestVolumes.Grid()), folder["ct", "ball.nii"]);
        var data = context.Data.LoadVolumes(folder["ct"]);
        context.Model.Save(model, data.Schema, folder["model.zip"]);
        var box = Digest.Column(model.Transform(data), SegmentationColumns.HeartBox);
        var loaded = context.Model.Load(folder["model.zip"], out _);
        Assert.That(box, Is.EqualTo(new[] { Locate(VolumeFile.ReadIntensities(folder["ct", "ball.nii"]))!.ToString() }));
        Assert.That(Digest.Column(loaded.Transform(data), SegmentationColumns.HeartBox), Is.EqualTo(box));
    }

    [Test]
    public void A_volume_without_a_heart_fails_alone_and_says_so()
    {
        using var folder = new TemporaryFolder();
        var bundle = TestNetworks.WriteBundleWithLocator(folder["bundle"]);
        Directory.CreateDirectory(folder["ct"]);
        var lung = new Volume<float>(TestVolumes.Grid());
        Array.Fill(lung.Voxels, -900);
        VolumeFile.Write(lung, folder["ct", "lung.nii"]);
        VolumeFile.Write(TestVolumes.Image(TestVolumes.Grid()), folder["ct", "ball.nii"]);
        var summary = new FolderScorer(bundle, new() { Inference = OneThread }).Score(folder["ct"], folder["masks"]);
        var failed = summary.Cases.Single(result => result.Status == CaseStatus.Failed);
        Assert.Multiple(() =>
        {
            Assert.That(summary.OkCount, Is.EqualTo(1));
            Assert.That(failed.Case.Name, Is.EqualTo("lung"));
            Assert.That(
                failed.Reason, Does.StartWith($"No heart found in {failed.Case.Path}: nothing in it looks like one"));
            Assert.That(Directory.GetFiles(folder["masks"], "lung*"), Is.Empty);
        });
        var whole = new FolderScorer(bundle, new() { Inference = OneThread, Crop = CropRule.Whole });
        Assert.That(whole.Score(folder["ct"], folder["all"]).WrittenCount, Is.EqualTo(2));
    }

    private static HeartBox? Locate(Volume<float> image)
    {
        using var network = new OnnxSegmentor(TestNetworks.Locator(), OneThread);
        return new HeartLocator(network, TestNetworks.LocatorSettings, 4).Locate(image, "the volume");
    }
}
