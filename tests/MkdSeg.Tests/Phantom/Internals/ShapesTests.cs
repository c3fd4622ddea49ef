using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom.Internals;

[TestFixture]
public sealed class ShapesTests
{
    [Test]
    public void EllipsoidIsZeroOnItsSurfaceAndExactOnASphere()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Shapes.Ellipsoid(new(0, 20, 0), new(10, 20, 30)), Is.EqualTo(0).Within(1e-9));
            Assert.That(Shapes.Ellipsoid(new(3, 4, 0), new(2, 2, 2)), Is.EqualTo(3).Within(1e-9));
            Assert.That(Shapes.Ellipsoid(new(0, 0, 0), new(10, 20, 30)), Is.EqualTo(-10));
        });
    }

    [Test]
    public void TubesGiveTheDistanceToTheNearestCapsule()
    {
        var tree = new VesselTree();
        Vector3D[] points = [new(0, 0, 0), new(10, 0, 0), new(20, 0, 0), new(30, 0, 0)];
        tree.AddSpline(VesselKind.Aorta, points, [5, 5, 5, 5]);
        tree.AddSegment(VesselKind.Airway, new(0, 12, 0), new(30, 12, 0), 2, 4);
        tree.Build();
        Span<double> distances = stackalloc double[VesselTree.KindCount];
        tree.Distances(new(15, 7, 0), distances);
        var (aorta, airway, vein) = (
            distances[(int)VesselKind.Aorta],
            distances[(int)VesselKind.Airway],
            distances[(int)VesselKind.PulmonaryVein]);
        Assert.Multiple(() =>
        {
            Assert.That(aorta, Is.EqualTo(2).Within(1e-9));
            Assert.That(airway, Is.EqualTo(2).Within(1e-9), "5 mm from the axis, radius 3 in the middle");
            Assert.That(vein, Is.EqualTo(VesselTree.Far));
        });
    }

    [Test]
    public void WarpDependsOnThePlaceAndNotOnTheBox()
    {
        var large = new WarpField(5, 3, 1, new(-60, -60, -60), new(60, 60, 60));
        var small = new WarpField(5, 3, 1, new(-10, -20, -30), new(30, 20, 10));
        var greatest = 0.0;
        for (var i = 0; i < 50; i++)
        {
            var p = new Vector3D((i % 7 * 5) - 8.3, (i % 5 * 7) - 16.1, (i % 9 * 4) - 27.7);
            Assert.That((large.At(p) - small.At(p)).Length, Is.LessThan(1e-9));
            greatest = Math.Max(greatest, large.At(p).Length);
        }

        Assert.That(greatest, Is.InRange(1, 10), "mm");
    }

    [Test]
    public void BlurKeepsTheSumAndHasTheGaussiansWidth()
    {
        var size = new GridSize(31, 31, 31);
        var voxels = new float[size.VoxelCount];
        voxels[15 + (31 * (15 + (31 * 15)))] = 1;
        GaussianFilter.Blur(voxels, size, new(1.5, 1.5, 2));
        double sum = 0, x2 = 0, z2 = 0;
        for (var i = 0; i < voxels.Length; i++)
        {
            sum += voxels[i];
            x2 += voxels[i] * Math.Pow((i % 31) - 15, 2);
            z2 += voxels[i] * Math.Pow((i / (31 * 31)) - 15, 2);
        }

        Assert.Multiple(() =>
        {
            Assert.That(sum, Is.EqualTo(1).Within(1e-4));
            Assert.That(Math.Sqrt(x2), Is.EqualTo(1.5).Within(0.03));
            Assert.That(Math.Sqrt(z2), Is.EqualTo(2).Within(0.04));
        });
    }
}
