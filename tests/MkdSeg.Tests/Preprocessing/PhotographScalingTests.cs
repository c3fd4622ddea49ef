using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class PhotographScalingTests
{
    [TestCase(2048, 1024, 96, 1, 192, 96)]
    [TestCase(1914, 1052, 96, 1, 175, 96)]
    [TestCase(1914, 1052, 96, 8, 176, 96)]
    [TestCase(100, 200, 30, 8, 32, 64)]
    public void TheShorterSideIsAsAskedFor(int width, int height, int side, int multiple, int x, int y) =>
        Assert.That(PhotographScaling.Fit(new(width, height, 3), side, multiple), Is.EqualTo((x, y)));

    [Test]
    public void HalvingAveragesAndKeepsChannelsApart()
    {
        var grid = new Grid(new(4, 2, 2), new(1, 1, 1), default, Direction.Identity);
        var image = new Volume<float>(grid, [0, 0, 1, 1, 0, 0, 1, 1, -1, -1, -1, -1, -1, -1, -1, -1]);

        var half = PhotographScaling.Resize(image, 2, 1);

        // Weights of a triangle two pixels wide: 3/7, 3/7 and 1/7 for the pixels in reach, so 1/7 of the other half.
        Assert.That(half.Grid.Size, Is.EqualTo(new GridSize(2, 1, 2)));
        Assert.That(half.Voxels, Is.EqualTo(new[] { 1 / 7f, 6 / 7f, -1, -1 }).Within(1e-6));
    }

    [Test]
    public void ClassesGoByMajorityAndIgnoredPixelsStayIgnored()
    {
        var grid = new Grid(new(4, 2, 1), new(1, 1, 1), default, Direction.Identity);
        const byte Ignored = LabelSet.IgnoredClass;
        var classes = new Volume<byte>(grid, [3, 3, Ignored, Ignored, 3, 1, Ignored, Ignored]);

        Assert.That(PhotographScaling.Resize(classes, 2, 1).Voxels, Is.EqualTo(new byte[] { 3, Ignored }));
        Assert.That(PhotographScaling.Resize(classes, 4, 2).Voxels, Is.EqualTo(classes.Voxels));
    }
}
