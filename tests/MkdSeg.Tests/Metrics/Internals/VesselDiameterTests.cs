using MkdSeg.Metrics;
using MkdSeg.Metrics.Internals;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics.Internals;

/// <summary>Tubes whose diameters are known.</summary>
public class VesselDiameterTests
{
    private static readonly Vector3D[] Tilts =
    [
        new(0, 0, 1), new(1, 0, 0), new(0.6, 0, 0.8), new(0.48, 0.64, 0.6), new(2 / 3.0, -2 / 3.0, 1 / 3.0),
    ];

    private static readonly Vector3D[] Spacings = [new(0.8, 0.8, 0.8), new(0.7, 0.7, 1.5), new(1.5, 1.5, 3)];

    [Test]
    public void A_straight_tube_has_its_diameter_at_any_tilt(
        [ValueSource(nameof(Tilts))] Vector3D axis, [ValueSource(nameof(Spacings))] Vector3D spacing, [Values(24, 33)] double diameter) =>
        Assert.That(
            Measure(spacing, point => Math.Abs(point.Dot(axis)) < 32 && point.Cross(axis).Length < diameter / 2),
            Is.EqualTo(diameter).Within(Math.Max(0.03 * diameter, spacing.Z / 2)));

    [TestCase(45)]
    [TestCase(60)]
    public void A_short_tube_is_measured_in_its_middle(double length)
    {
        var axis = new Vector3D(0.48, 0.64, 0.6);
        Assert.That(
            Measure(Spacings[1], point => Math.Abs(point.Dot(axis)) < length / 2 && point.Cross(axis).Length < 15),
            Is.EqualTo(30).Within(1));
    }

    [Test]
    public void A_bent_tube_is_measured_across_its_bend()
    {
        // Three quarters of a ring of radius 35 mm.
        double? found = Measure(Spacings[1], point =>
        {
            var around = Math.Sqrt((point.X * point.X) + (point.Z * point.Z));
            return (point.X > 0 || point.Z > 0) && Math.Pow(around - 35, 2) + (point.Y * point.Y) < 11 * 11;
        });
        Assert.That(found, Is.EqualTo(22).Within(0.8));
    }

    [Test]
    public void The_widest_place_counts_and_an_oval_by_its_long_axis()
    {
        // An oval of 30 × 24 mm that narrows to 20 × 16 mm.
        var found = Measure(Spacings[0], point =>
        {
            var scale = point.Z > 0 ? 2 / 3.0 : 1;
            return Math.Abs(point.Z) < 40 && Math.Pow(point.X / (15 * scale), 2) + Math.Pow(point.Y / (12 * scale), 2) < 1;
        });
        Assert.That(found, Is.EqualTo(30).Within(0.6));
    }

    [TestCase(35, 30)]
    [TestCase(40, 10)]
    public void A_branching_is_no_section(double sideMm, double upMm)
    {
        // A trunk of 26 mm that divides into two branches of 20 mm.
        var (start, fork) = (new Vector3D(0, 0, -45), new Vector3D(0, 0, 0));
        var found = Measure(Spacings[0], point => Distance(point, start, fork) < 13
            || Distance(point, fork, new(sideMm, 0, upMm)) < 10 || Distance(point, fork, new(-sideMm, 0, upMm)) < 10);
        Assert.That(found, Is.EqualTo(26).Within(1.3));

        static double Distance(Vector3D point, Vector3D from, Vector3D to)
        {
            var (along, offset) = (to - from, point - from);
            return (offset - (along * Math.Clamp(offset.Dot(along) / along.Dot(along), 0, 1))).Length;
        }
    }

    [Test]
    public void Nothing_has_no_diameter() => Assert.That(Measure(Spacings[0], _ => false), Is.Null);

    internal static double? Measure(Vector3D spacing, Func<Vector3D, bool> isWithin)
    {
        var size = new GridSize((int)(100 / spacing.X), (int)(100 / spacing.Y), (int)(100 / spacing.Z));
        // Oblique, so that no axis of the grid is the patient's.
        var direction = new Direction(new(0.8, 0.6, 0), new(-0.6, 0.8, 0), new(0, 0, 1));
        var middle = new Grid(size, spacing, default, direction).ToPoint(new((size.X - 1) / 2.0, (size.Y - 1) / 2.0, (size.Z - 1) / 2.0));
        var mask = new Volume<byte>(new Grid(size, spacing, middle * -1, direction));
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            if (isWithin(mask.Grid.ToPoint(new(i % size.X, i / size.X % size.Y, i / size.SliceLength))))
                mask.Voxels[i] = 3;
        }

        var measures = new MaskMeasures(mask, null);
        return VesselDiameter.LargestMm(mask, 3, measures.Box(3), measures.Count(3));
    }
}
