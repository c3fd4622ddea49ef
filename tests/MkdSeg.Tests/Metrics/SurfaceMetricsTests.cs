using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

public class SurfaceMetricsTests
{
    private const double Inf = double.PositiveInfinity;

    [Test]
    public void AgreesWithScipy()
    {
        var (predicted, reference) = SurfaceReference.Masks();
        var expected = SurfaceReference.Load().Scores;

        var scores = SurfaceMetrics.PerStructure(predicted, reference, 4, SurfaceReference.ToleranceMm);

        Assert.Multiple(() =>
        {
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.That(scores[i].SurfaceDice, Is.EqualTo(expected[i].SurfaceDice).Within(1e-12));
                Assert.That(scores[i].Hd95Mm, Is.EqualTo(expected[i].Hd95Mm).Within(1e-12));
                Assert.That(scores[i].AssdMm, Is.EqualTo(expected[i].AssdMm).Within(1e-12));
                Assert.That(scores[i].VolumeDifferenceMl, Is.EqualTo(expected[i].VolumeDifferenceMl).Within(1e-12));
            }
        });
    }

    [Test]
    public void ASingleVoxelAgainstAShiftedOneByHand()
    {
        // Shifted by two voxels of 1.5 mm along x: per corner row at x = 0, 1 (in voxels) against x = 2, 3, so half of
        // each surface is 1 voxel = 1.5 mm away and half 2 voxels = 3 mm.
        var grid = new Grid(new(4, 1, 1), new(1.5, 2, 3), default, Direction.Identity);
        var predicted = new Volume<byte>(grid, [1, 0, 0, 0]);
        var reference = new Volume<byte>(grid, [0, 0, 1, 0]);

        var scores = SurfaceMetrics.PerStructure(predicted, reference, 2, 1.5)[0];

        Assert.Multiple(() =>
        {
            Assert.That(scores.SurfaceDice, Is.EqualTo(0.5).Within(1e-12));
            Assert.That(scores.Hd95Mm, Is.EqualTo(3));
            Assert.That(scores.AssdMm, Is.EqualTo(2.25).Within(1e-12));
            Assert.That(scores.VolumeDifferenceMl, Is.Zero);
        });
    }

    [Test]
    public void TwoCubesShiftedByHand()
    {
        // Cubes of 10³ voxels, 2 × 2 × 4 mm, shifted by one voxel along z. The corners on the sides are 0 or 4 mm away:
        // 4 mm are those of one end (9 × 9 on the face, its rim and its corners), and the face at the other end.
        var grid = new Grid(new(12, 12, 12), new(2, 2, 4), default, Direction.Identity);
        var predicted = Box(grid, (1, 1, 1), (11, 11, 11));
        var reference = Box(grid, (1, 1, 0), (11, 11, 10));

        // Areas: a face corner along z 4 mm², along x and y 8 mm²; a rim corner √((a/2)² + (b/2)²) of the areas a and b
        // of the faces that meet; a cube corner |(8, 8, 4)| / 8.
        var (face, rim, corner) = (81 * 4.0, 4 * 9 * Math.Sqrt(4 + 16), 4 * Math.Sqrt(64 + 64 + 16) / 8);
        var side = (4 * 9 * 8.0) + (4 * Math.Sqrt(16 + 16));
        var total = (2 * (face + rim + corner)) + (9 * side);

        // The end of a cube that sticks out of the other is a voxel away. The other end lies within it: its rim on the
        // other's sides, its inside as far from them as from the other's end, 4 mm, at most.
        var near = 0.0;
        for (var x = 1; x <= 9; x++)
        {
            for (var y = 1; y <= 9; y++)
                near += 4 * Math.Min(2.0 * Math.Min(Math.Min(x, 10 - x), Math.Min(y, 10 - y)), 4);
        }

        var integral = ((face + rim + corner) * 4) + near;

        var scores = SurfaceMetrics.PerStructure(predicted, reference, 2, 3.9)[0];

        Assert.Multiple(() =>
        {
            Assert.That(scores.AssdMm, Is.EqualTo(integral / total).Within(1e-12));
            Assert.That(scores.Hd95Mm, Is.EqualTo(4));
            var within = total - (face + rim + corner) - (4 * 49);
            Assert.That(scores.SurfaceDice, Is.EqualTo(within / total).Within(1e-12));
            var wide = SurfaceMetrics.PerStructure(predicted, reference, 2, 4)[0];
            Assert.That(wide.SurfaceDice, Is.EqualTo(1).Within(1e-12));
        });
    }

    [TestCase(17, 0)]
    [TestCase(18, 29)]
    public void ThePercentileIsOfArea(int strays, double expectedMm)
    {
        // A cube of 10³ voxels with 6·81 + 108·√½ + √3 = 564.1 mm² of surface, against itself with single voxels of √3
        // mm² each, half of it 29 mm away, half 30: they hold 4.96 % of the area if there are 17, 5.24 % if 18.
        var grid = new Grid(new(60, 12, 12), new(1, 1, 1), default, Direction.Identity);
        var reference = Box(grid, (1, 1, 1), (11, 11, 11));
        var predicted = Box(grid, (1, 1, 1), (11, 11, 11));
        for (var i = 0; i < strays; i++)
            predicted[40, 1 + (2 * (i % 5)), 1 + (2 * (i / 5))] = 1;

        Assert.That(SurfaceMetrics.PerStructure(predicted, reference, 2)[0].Hd95Mm, Is.EqualTo(expectedMm));
    }

    [Test]
    public void EmptyMasksHaveTheirRules()
    {
        var grid = new Grid(new(4, 1, 1), new(10, 10, 10), default, Direction.Identity);
        var predicted = new Volume<byte>(grid, [1, 1, 0, 0]);
        var reference = new Volume<byte>(grid, [0, 0, 2, 0]);

        var scores = SurfaceMetrics.PerStructure(predicted, reference, 4);

        Assert.Multiple(() =>
        {
            Assert.That(scores[0], Is.EqualTo(new SurfaceScores(0, Inf, Inf, 2)));
            Assert.That(scores[1], Is.EqualTo(new SurfaceScores(0, Inf, Inf, -1)));
            Assert.That(scores[2], Is.EqualTo(new SurfaceScores(double.NaN, double.NaN, double.NaN, 0)));
        });
    }

    [Test]
    public void EqualMasksAgreeEvenAtTheBorderAndAtTolerance0()
    {
        var grid = new Grid(new(3, 3, 3), new(1, 1, 1), default, Direction.Identity);
        var mask = new Volume<byte>(grid);
        mask.Voxels.AsSpan().Fill(1);

        Assert.That(SurfaceMetrics.PerStructure(mask, mask, 2, 0), Is.EqualTo(new[] { new SurfaceScores(1, 0, 0, 0) }));
    }

    [Test]
    public void RejectsWhatDoesNotFit()
    {
        var grid = new Grid(new(3, 1, 1), new(1, 1, 1), default, Direction.Identity);
        var mask = new Volume<byte>(grid, [0, 1, 2]);
        var other = new Volume<byte>(new Grid(new(1, 3, 1), new(1, 1, 1), default, Direction.Identity));

        Assert.Multiple(() =>
        {
            Assert.That(() => SurfaceMetrics.PerStructure(mask, other, 3), Throws.ArgumentException);
            Assert.That(
                () => SurfaceMetrics.PerStructure(mask, mask, 2),
                Throws.ArgumentException.With.Message.Contains("Class index 2"));
            Assert.That(
                () => SurfaceMetrics.PerStructure(mask, mask, 3, -1),
                Throws.ArgumentException.With.Message.Contains("-1 mm"));
        });
    }

    private static Volume<byte> Box(Grid grid, (int X, int Y, int Z) from, (int X, int Y, int Z) to)
    {
        var mask = new Volume<byte>(grid);
        for (var z = from.Z; z < to.Z; z++)
        {
            for (var y = from.Y; y < to.Y; y++)
                mask.Slice(z).Slice((y * grid.Size.X) + from.X, to.X - from.X).Fill(1);
        }

        return mask;
    }
}
