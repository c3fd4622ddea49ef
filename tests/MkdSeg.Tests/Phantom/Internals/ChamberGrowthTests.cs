using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom.Internals;

[TestFixture]
public sealed class ChamberGrowthTests
{
    private static readonly Vector3D Centre = new(5, -3, 8);
    private static readonly Vector3D Half = new(30, 20, 25);

    [TestCase(1.6)]
    [TestCase(1)]
    [TestCase(0.7)]
    public void Applying_a_growth_is_the_inverse_of_undoing_it(double scale)
    {
        var growth = new ChamberGrowth(Centre, Direction.Identity, Half, scale);
        foreach (var p in (Vector3D[])[new(5, -3, 9), new(20, 4, -6), new(60, -40, 30), new(-90, 10, 8)])
            Assert.That((growth.Undo(growth.Apply(p)) - p).Length, Is.LessThan(1e-6), $"{p}");
    }

    [TestCase(1.6)]
    [TestCase(0.7)]
    public void The_middle_grows_by_the_scale_and_far_away_volumes_stay(double scale)
    {
        var growth = new ChamberGrowth(Centre, Direction.Identity, Half, scale);
        var middle = VolumeRatio(growth, Centre + new Vector3D(0.5, 0.3, -0.4));
        Assert.That(middle, Is.EqualTo(scale * scale * scale).Within(0.1).Percent);
        Assert.That(VolumeRatio(growth, Centre + new Vector3D(110, 20, -40)), Is.EqualTo(1).Within(0.01));
    }

    /// <summary>How much the volume around a point changes: the determinant of the differences of its images.</summary>
    private static double VolumeRatio(ChamberGrowth growth, Vector3D p)
    {
        const double step = 1e-3;
        Vector3D Along(Vector3D way) => (growth.Apply(p + (way * step)) - growth.Apply(p - (way * step))) * (0.5 / step);
        return Along(new(1, 0, 0)).Dot(Along(new(0, 1, 0)).Cross(Along(new(0, 0, 1))));
    }
}
