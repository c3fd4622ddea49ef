using MkdSeg.Volumes;

namespace MkdSeg.Tests.Volumes;

public class ConnectedComponentsTests
{
    [Test]
    public void KeepsThePartWithMostVoxelsWhateverItsClasses()
    {
        // Two slices of 4×2; the part of classes 1 and 2 has 4 voxels through the slices, the diagonal 3 is apart.
        byte[] voxels =
        [
            1, 1, 0, 3,
            0, 0, 0, 3,

            2, 2, 0, 0,
            0, 0, 3, 0,
        ];
        var volume = new Volume<byte>(new(new(4, 2, 2), new(1, 1, 1), default, Direction.Identity), [.. voxels]);

        var largest = ConnectedComponents.KeepLargest(volume);

        Assert.That(largest.Voxels, Is.EqualTo(new byte[] { 1, 1, 0, 0, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0 }));
        Assert.That(volume.Voxels, Is.EqualTo(voxels), "the input stays as it is");
    }

    [Test]
    public void RowEndsAreNoNeighbours()
    {
        byte[] voxels = [0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1];
        var volume = new Volume<byte>(new(new(3, 4, 1), new(1, 1, 1), default, Direction.Identity), voxels);

        Assert.That(
            ConnectedComponents.KeepLargest(volume).Voxels,
            Is.EqualTo(new byte[] { 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1 }));
    }

    [Test]
    public void AnEmptyMaskStaysEmpty()
    {
        var volume = new Volume<byte>(new Grid(new(3, 2, 1), new(1, 1, 1), default, Direction.Identity));

        Assert.That(ConnectedComponents.KeepLargest(volume).Voxels, Is.All.Zero);
    }

    [Test]
    public void The_largest_part_of_each_class_stays()
    {
        var grid = new Grid(new(9, 1, 1), new(1, 1, 1), default, Direction.Identity);
        var classes = new Volume<byte>(grid, [1, 0, 1, 1, 2, 1, 2, 2, 0]);
        Assert.That(
            ConnectedComponents.KeepLargestOfEachClass(classes).Voxels,
            Is.EqualTo(new byte[] { 0, 0, 1, 1, 0, 0, 2, 2, 0 }));
    }
}
