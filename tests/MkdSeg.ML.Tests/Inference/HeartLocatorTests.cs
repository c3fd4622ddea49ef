using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Inference;

public class HeartLocatorTests
{
    private static readonly InferenceOptions OneThread = new() { Device = "cpu", Threads = 1 };

    private static IEnumerable<Direction> Directions() =>
        [Direction.Identity, TestVolumes.Flipped, TestVolumes.Sagittal];

    [TestCaseSource(nameof(Directions))]
    public void Finds_the_ball_whatever_the_orientation(Direction direction)
    {
        using var first = new OnnxSegmentor(TestNetworks.Threshold(-0.5, 0.25), OneThread);
        using var second = new OnnxSegmentor(TestNetworks.Threshold(-0.5, 0.15), OneThread);
        var locator = new HeartLocator([first, second], TestNetworks.Preprocessing, sizeMultiple: 4);
        var grid = TestVolumes.Grid(new(60, 56, 40), new(2.5, 2.5, 2.5), direction);
        var box = locator.Locate(TestVolumes.Image(grid));
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
        using var segmentor = new OnnxSegmentor(TestNetworks.Threshold(), OneThread);
        var image = TestVolumes.Image(TestVolumes.Grid());
        image[2, 2, 1] = 800;
        image[3, 2, 1] = 800;
        var box = new HeartLocator([segmentor], TestNetworks.Preprocessing, 4).Locate(image);
        Assert.That((box.CentreMm - TestVolumes.HeartMm).Length, Is.LessThan(3));
    }

    [Test]
    public void A_volume_without_a_heart_is_said_to_have_none()
    {
        using var segmentor = new OnnxSegmentor(TestNetworks.Threshold(), OneThread);
        var image = new Volume<float>(TestVolumes.Grid());
        Array.Fill(image.Voxels, -900);
        Assert.That(
            () => new HeartLocator([segmentor], TestNetworks.Preprocessing, 4).Locate(image),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("No heart was found"));
    }

    [Test]
    public void Segmentors_of_different_classes_are_refused()
    {
        using var two = new OnnxSegmentor(TestNetworks.Threshold(), OneThread);
        using var other = new OnnxSegmentor(TestNetworks.RandomUNet(1, classCount: 5), OneThread);
        Assert.That(
            () => new HeartLocator([two, other], TestNetworks.Preprocessing),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("[3, 5] classes"));
    }
}
