using System.Numerics;
using MkdSeg.Metrics.Internals;

namespace MkdSeg.Tests.Metrics.Internals;

public class SurfelAreasTests
{
    [TestCase(0, 0, TestName = "all outside")]
    [TestCase(0b1, 0.21650635094611, TestName = "a corner is cut off by a triangle, √3/8")]
    [TestCase(0b11, 0.70710678118655, TestName = "an edge by a rectangle, √½")]
    [TestCase(0b1001, 0.43301270189222, TestName = "two corners of one side by two triangles")]
    [TestCase(0b111, 1.14951905283833, TestName = "three voxels of one side: half a flat square, and 3√3/8 of slope")]
    [TestCase(0b1111, 1, TestName = "a flat side")]
    [TestCase(0b10111, 1.29903810567666, TestName = "a corner and its three neighbours: a regular hexagon, 3√3/4")]
    [TestCase(0b01101001, 0.86602540378444, TestName = "four corners, none side by side")]
    public void HaveKnownAreas(int code, double expected) =>
        Assert.Multiple(() =>
        {
            Assert.That(SurfelAreas.Of(new(1, 1, 1))[code], Is.EqualTo(expected).Within(1e-12));
            Assert.That(SurfelAreas.Of(new(1, 1, 1))[255 - code], Is.EqualTo(expected).Within(1e-12));
        });

    [Test]
    public void ScaleWithTheSpacingOfTheirPlane()
    {
        var areas = SurfelAreas.Of(new(2, 3, 5));

        Assert.Multiple(() =>
        {
            Assert.That(areas[0b1111], Is.EqualTo(2 * 3));
            Assert.That(areas[0b110011], Is.EqualTo(2 * 5));
            Assert.That(areas[0b1010101], Is.EqualTo(3 * 5));
            Assert.That(areas[0b11], Is.EqualTo(2 * Math.Sqrt(1.5 * 1.5 + 2.5 * 2.5)).Within(1e-12));
        });
    }

    [Test]
    public void AgreeWithHullsOfScipy() =>
        Assert.That(
            SurfelAreas.Of(SurfaceReference.Grid.SpacingMm),
            Is.EqualTo(SurfaceReference.Load().AreasMm2).Within(1e-9));

    [Test]
    public void DoNotDependOnWhichAxisIsWhich()
    {
        var areas = SurfelAreas.Of(new(1, 1, 1));
        for (var code = 0; code < 256; code++)
        {
            var turned = 0;
            for (var voxel = 0; voxel < 8; voxel++)
                turned |= (code >> voxel & 1) << ((voxel << 1 & 7) | (voxel >> 2));
            Assert.That(areas[turned], Is.EqualTo(areas[code]).Within(1e-12), $"code {code}");
            Assert.That(BitOperations.PopCount((uint)turned), Is.EqualTo(BitOperations.PopCount((uint)code)));
        }
    }
}
