using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Inference;

public class HeartSegmenterTests
{
    private static readonly HeartSegmenterOptions OneThread = new() { Inference = new() { Device = "cpu", Threads = 1 } };
    private readonly TemporaryFolder _folder = new();
    private HeartSegmenter _segmenter = null!;

    [OneTimeSetUp]
    public void MakeBundle() => _segmenter = new(TestNetworks.WriteBundle(_folder["bundle"]), OneThread);

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    private static IEnumerable<Direction> Directions() =>
        [Direction.Identity, TestVolumes.Flipped, TestVolumes.Sagittal];

    [TestCaseSource(nameof(Directions))]
    public void Segmentors_locate_the_ball_whatever_the_orientation(Direction direction)
    {
        var grid = TestVolumes.Grid(new(60, 56, 40), new(2.5, 2.5, 2.5), direction);
        var box = _segmenter.Segment(TestVolumes.Image(grid)).Box!;
        var half = box.HalfSizeMm;
        Assert.Multiple(() =>
        {
            Assert.That((box.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(3));
            Assert.That(half.X, Is.EqualTo(TestVolumes.ShellRadiusMm).Within(3));
            Assert.That(half.Y, Is.EqualTo(TestVolumes.ShellRadiusMm).Within(3));
            Assert.That(half.Z, Is.EqualTo(TestVolumes.ShellRadiusMm).Within(3));
        });
    }

    [Test]
    public void A_smaller_bright_spot_elsewhere_does_not_widen_the_box()
    {
        var image = TestVolumes.Image(TestVolumes.Grid());
        image[2, 2, 1] = 800;
        image[3, 2, 1] = 800;
        Assert.That((_segmenter.Segment(image).Box!.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(3));
    }

    [Test]
    public void A_volume_without_a_heart_is_said_to_have_none()
    {
        var image = new Volume<float>(TestVolumes.Grid());
        Array.Fill(image.Voxels, -900);
        Assert.That(
            () => _segmenter.Segment(image, "lung.nii"),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("No heart found in lung.nii"));
    }

    [Test]
    public void Segmentors_of_different_classes_are_refused()
    {
        var bundle = TestNetworks.WriteBundle(_folder["other"]);
        Assert.That(
            () => new HeartSegmenter(
                bundle,
                OneThread,
                role => role == NetworkRoles.SReal
                    ? TestNetworks.Threshold() : TestNetworks.RandomUNet(1, classCount: 5)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("5 classes").And.Message.Contains("3 classes"));
    }

    [Test]
    public void A_part_that_nobody_asks_for_is_not_made()
    {
        // The networks fail on slices of this size; the box and the prepared volume are there all the same.
        var bundle = TestNetworks.WriteBundle(
            _folder["odd"], TestNetworks.Preprocessing with { Crop = CropRule.Centre, PatchSize = 5 });
        var segmenter = new HeartSegmenter(bundle, OneThread, _ => TestNetworks.RandomUNet(1));
        var found = segmenter.Begin(TestVolumes.Image(TestVolumes.Grid()), "here.nii", null);
        Assert.That(found.Prepared.Grid.Size.X, Is.EqualTo(5));
        Assert.That(() => found.Mask, Throws.TypeOf<UserErrorException>());
    }

    [Test]
    public void Several_threads_may_use_one_segmenter()
    {
        Volume<float>[] volumes = [.. Directions().Select(direction => TestVolumes.Image(TestVolumes.Grid(direction: direction)))];
        string[] alone = [.. volumes.Select(volume => Digest.Of(_segmenter.Segment(volume).Mask))];
        var together = new string[volumes.Length];
        Parallel.For(0, volumes.Length, i => together[i] = Digest.Of(_segmenter.Segment(volumes[i]).Mask));
        Assert.That(together, Is.EqualTo(alone));
    }
}
