using MkdSeg.Datasets;
using MkdSeg.IO.Dicom;
using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

/// <summary>Shapes whose measures are known.</summary>
public class MaskMeasuresTests
{
    private static readonly Grid Fine = new(
        new(90, 90, 60), new(0.8, 0.8, 1.2), new(-36, -36, -36), new(new(0.8, 0.6, 0), new(-0.6, 0.8, 0), new(0, 0, 1)));

    [Test]
    public void A_ball_has_its_volume_and_its_middle()
    {
        var middle = Fine.ToPoint(new(44, 45, 30));
        var mask = new Volume<byte>(Fine);
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            var point = Fine.ToPoint(new(i % 90, i / 90 % 90, i / 8100));
            mask.Voxels[i] = (point - middle).Length < 19.9 ? (byte)2 : (byte)0;
        }

        var measures = new MaskMeasures(mask, null);
        Assert.Multiple(() =>
        {
            // 4/3 π (1.99 cm)³
            Assert.That(measures.VolumeMl(2), Is.EqualTo(33.01).Within(0.15));
            Assert.That(measures.CentroidMm(2), Is.EqualTo((double[])[middle.X, middle.Y, middle.Z]).Within(0.05));
            // 24 voxels of 0.8 mm and 16 of 1.2 mm to each side of the middle one.
            Assert.That(measures.Box(2), Is.EqualTo(new VoxelBox(20, 21, 14, 69, 70, 47)));
            Assert.That(measures.IsCut(2), Is.False);
            Assert.That(measures.Hounsfield(2), Is.Null);
            Assert.That(measures.VolumeMl(1), Is.Zero);
            Assert.That(measures.CentroidMm(1), Is.Null);
            Assert.That(measures.BoxMm(1), Is.Null);
        });
    }

    [Test]
    public void The_box_lies_between_outer_faces_in_the_patient()
    {
        // x to the right, y to the back, z to the feet.
        var grid = new Grid(new(10, 8, 6), new(1, 2, 3), new(100, 50, -20), new(new(-1, 0, 0), new(0, 1, 0), new(0, 0, -1)));
        var mask = new Volume<byte>(grid) { [2, 3, 1] = 1, [4, 5, 2] = 1 };
        Assert.That(new MaskMeasures(mask, null).BoxMm(1), Is.EqualTo((double[])[95.5, 55, -27.5, 98.5, 61, -21.5]).Within(1e-9));
    }

    [Test]
    public void Hounsfield_units_are_counted_by_rank()
    {
        var grid = new Grid(new(101, 2, 1), new(1, 1, 1), default, Direction.Identity);
        var (mask, image) = (new Volume<byte>(grid), new Volume<float>(grid));
        for (var x = 0; x < 101; x++)
        {
            // 200 to 300, in no order; beside it another structure, whose values do not count.
            (mask[x, 0, 0], image[x, 0, 0]) = (1, 200 + (x * 37 % 101));
            (mask[x, 1, 0], image[x, 1, 0]) = (2, -50);
        }

        var measures = new MaskMeasures(mask, image);
        var found = measures.Hounsfield(1)!;
        Assert.Multiple(() =>
        {
            // Of the whole numbers from 200 to 300: variance (101² − 1) / 12.
            Assert.That(found.Mean, Is.EqualTo(250).Within(1e-9));
            Assert.That(found.Sd, Is.EqualTo(Math.Sqrt(850)).Within(1e-6));
            Assert.That((found.P5, found.Median, found.P95), Is.EqualTo((205.0, 250.0, 295.0)));
            Assert.That(measures.Hounsfield(2), Is.EqualTo(new HounsfieldStatistics(-50, 0, -50, -50, -50)));
            Assert.That(measures.Percentile([1, 2], 0.5), Is.EqualTo(-50), "101 of 202");
        });
    }

    [TestCase(0, 3, 3, true)]
    [TestCase(3, 5, 3, true)]
    [TestCase(3, 3, 0, true)]
    [TestCase(1, 1, 1, false)]
    [TestCase(4, 4, 4, false)]
    public void A_voxel_in_an_outermost_layer_is_cut(int x, int y, int z, bool expected)
    {
        var mask = new Volume<byte>(new Grid(new(6, 6, 6), new(1, 1, 1), default, Direction.Identity)) { [x, y, z] = 1 };
        Assert.That(new MaskMeasures(mask, null).IsCut(1), Is.EqualTo(expected));
    }

    [Test]
    public void A_heart_has_a_mass_a_ratio_and_an_area()
    {
        // MYO: 20 × 20 × 25 voxels of 1 mL / 1000 = 10 mL; tubes of 30 and 24 mm.
        var mask = new Volume<byte>(new Grid(new(110, 60, 60), new(1, 1, 1), default, Direction.Identity));
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            var (x, y, z) = (i % 110, i / 110 % 60, i / 6600);
            mask.Voxels[i] = Math.Pow(x - 18, 2) + Math.Pow(y - 30, 2) < 225 ? (byte)6
                : Math.Pow(x - 55, 2) + Math.Pow(y - 30, 2) < 144 ? (byte)7
                : x is >= 80 and < 100 && y is >= 20 and < 40 && z is >= 20 and < 45 ? (byte)1
                : (byte)0;
        }

        var heart = HeartMeasures.Of(new(mask, null), mask, LabelSet.WholeHeart, 2.0);
        Assert.Multiple(() =>
        {
            Assert.That(heart.LvMassG, Is.EqualTo(10.5).Within(1e-9));
            Assert.That(heart.AortaMm, Is.EqualTo(30).Within(0.5));
            Assert.That(heart.PulmonaryTrunkMm, Is.EqualTo(24).Within(0.5));
            Assert.That(heart.PulmonaryToAorta, Is.EqualTo(0.8).Within(0.02));
            Assert.That(heart.Phase, Is.Null);
            Assert.That(heart.BodySurfaceM2, Is.EqualTo(2));
        });
        var empty = new Volume<byte>(mask.Grid);
        Assert.That(HeartMeasures.Of(new(empty, null), empty, LabelSet.WholeHeart, null), Is.EqualTo(new HeartMeasures()));
    }

    // The thorax of the design's notes: LV 449, RV 180. Native 40; pulmonary angiography; venous 150; a split bolus.
    [TestCase(449, 180, ContrastPhase.Arterial)]
    [TestCase(40, 42, ContrastPhase.Native)]
    [TestCase(200, 450, ContrastPhase.Pulmonary)]
    [TestCase(150, 160, ContrastPhase.Venous)]
    [TestCase(330, 310, ContrastPhase.Mixed)]
    public void The_phase_follows_from_both_halves_of_the_heart(double left, double right, ContrastPhase expected)
    {
        Assert.That(HeartMeasures.PhaseOf(left, right), Is.EqualTo(expected));
        Assert.That(HeartMeasures.PhaseOf(left, null), Is.Null);
    }

    [Test]
    public void Body_surface_is_mosteller_s()
    {
        // √(180 cm · 80 kg / 3600) = 2 m²
        Assert.That(BodySurface.Mosteller(1.8, 80), Is.EqualTo(2).Within(1e-12));
    }
}
