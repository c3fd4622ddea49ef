using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class HeartBoxTests
{
    [Test]
    public void SpansTheOuterFacesOfLabelledVoxels()
    {
        var volume = new Volume<byte>(new Grid(new(10, 8, 6), new(1, 2, 3), new(100, 0, 0), Direction.Identity));
        volume[2, 3, 1] = 1;
        volume[5, 4, 4] = 7;

        var box = HeartBox.FromClasses(volume)!;

        Assert.That(box.CentreMm, Is.EqualTo(new Vector3D(103.5, 7, 7.5)));
        Assert.That(box.HalfSizeMm, Is.EqualTo(new Vector3D(2, 2, 6)));
        Assert.That(
            box.IndexRange(volume.Grid),
            Is.EqualTo((new Vector3D(1.5, 2.5, 0.5), new Vector3D(5.5, 4.5, 4.5))));
    }

    [Test]
    public void CarriesOverToAnotherOrientationAndSpacing()
    {
        var volume = new Volume<byte>(new Grid(new(10, 8, 6), new(1, 2, 3), default, Direction.Identity));
        volume[2, 3, 1] = 1;
        // The x axis runs to the right from x = 20 mm, half as coarse.
        var other = new Grid(
            new(40, 8, 6), new(0.5, 2, 3), new(20, 0, 0), new(new(-1, 0, 0), new(0, 1, 0), new(0, 0, 1)));

        var (min, max) = HeartBox.FromClasses(volume)!.IndexRange(other);

        // x from 1.5 to 2.5 mm lies 18.5 to 17.5 mm along that axis: index 35 to 37.
        Assert.That(min, Is.EqualTo(new Vector3D(35, 2.5, 0.5)));
        Assert.That(max, Is.EqualTo(new Vector3D(37, 3.5, 1.5)));
    }

    [Test]
    public void CanLeaveOutSpecks()
    {
        var volume = new Volume<byte>(new Grid(new(10, 8, 6), new(1, 1, 1), default, Direction.Identity));
        volume[0, 0, 0] = 1;
        volume[4, 4, 4] = volume[5, 4, 4] = 2;

        Assert.That(HeartBox.FromClasses(volume)!.HalfSizeMm.X, Is.EqualTo(3));
        Assert.That(HeartBox.FromClasses(volume, largestComponentOnly: true)!.HalfSizeMm.X, Is.EqualTo(1));
    }

    [Test]
    public void NothingLabelledIsNoBox() =>
        Assert.That(
            HeartBox.FromClasses(new(new Grid(new(2, 2, 2), new(1, 1, 1), default, Direction.Identity))), Is.Null);
}
