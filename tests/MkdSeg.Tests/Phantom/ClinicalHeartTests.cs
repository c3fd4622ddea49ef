using MkdSeg.Common;
using MkdSeg.Phantom;
using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

/// <summary>
/// Sixty clinical hearts against what is measured in people: volumes on CT (PMC7758747; Fuchs 2016), diameters (the
/// Framingham study; PMC3275437), axis (bjc.2015.016) and places (Rodero et al. 2021). A share of them is ill, so means may
/// lie a little above those of healthy people, and spreads must not be smaller.
/// </summary>
[TestFixture]
public sealed class ClinicalHeartTests
{
    private static CoarsePeople.Person[] People => CoarsePeople.Of(PhantomVariation.Clinical);

    // Men at end diastole, women at end diastole, the same at end systole, mL; standard deviation relative to the mean.
    [TestCase("LV", 113, 98, 42, 34, 0.23)]
    [TestCase("MYO", 138, 103, 138, 103, 0.19)]
    public void Volumes_have_mean_and_spread_of_men_and_women_in_their_phase(
        string name, double menEd, double womenEd, double menEs, double womenEs, double spread)
    {
        var ratios = People.Select(person =>
        {
            var heart = Heart(person);
            var (ed, es) = heart.IsMale ? (menEd, menEs) : (womenEd, womenEs);
            return person.VolumesMl[CoarsePeople.IndexOf(name)] / (ed + ((es - ed) * heart.Systole));
        }).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(ratios.Average(), Is.InRange(0.92, 1.20), "mean relative to the table");
            Assert.That(Deviation(ratios), Is.InRange(spread, 3 * spread), "standard deviation relative to the mean");
        });
    }

    // Upper limits on CT (97.5 %), mL per m² of body surface, for 1.9 m²; most people lie below, the mean at a half to 3/4.
    [TestCase("RV", 111)]
    [TestCase("LA", 58)]
    [TestCase("RA", 79)]
    public void Volumes_lie_within_the_limits_of_CT_but_for_the_ill(string name, double limitPerSquareMetre)
    {
        var volumes = People.Select(person => person.VolumesMl[CoarsePeople.IndexOf(name)]).Order().ToArray();
        var limit = 1.9 * limitPerSquareMetre;
        Assert.Multiple(() =>
        {
            Assert.That(volumes.Average(), Is.InRange(0.45 * limit, 0.85 * limit), "mean");
            var above = volumes.Count(volume => volume > limit) / (double)volumes.Length;
            Assert.That(above, Is.InRange(0.03, 0.3), "share above the limit");
            Assert.That(volumes[^2] / volumes[1], Is.GreaterThan(3), "largest over smallest, but for one each");
        });
    }

    [Test]
    public void Chambers_and_wall_are_grown_to_the_volumes_that_were_drawn()
    {
        foreach (var name in (string[])["MYO", "LA", "LV", "RA", "RV"])
        {
            var label = CoarsePeople.IndexOf(name);
            var errors = People.Select(person => Math.Abs((person.VolumesMl[label] / Heart(person).VolumesMl[label]) - 1))
                .Order().ToArray();
            Assert.That(errors[errors.Length / 2], Is.LessThan(0.1), $"{name}, median");
            Assert.That(errors[(int)(errors.Length * 0.9)], Is.LessThan(0.25), $"{name}, 90 % of the people");
        }
    }

    [Test]
    public void Great_arteries_are_as_wide_as_in_people_some_of_them_dilated()
    {
        var aorta = People.Select(person => Width(person, "AA")).ToArray();
        var trunk = People.Select(person => Width(person, "PA")).ToArray();
        Assert.Multiple(() =>
        {
            // Outer diameters are 34.1 and 31.9 mm, walls 1 to 1.5 mm; on voxels of 4 mm a ball comes out 1 mm small.
            Assert.That(aorta.Average(), Is.EqualTo(30.5).Within(2.5), "ascending aorta");
            Assert.That(Deviation(aorta) * aorta.Average(), Is.InRange(3.5, 8));
            Assert.That(aorta.Max(), Is.InRange(42, 60));
            Assert.That(trunk.Average(), Is.EqualTo(24.1).Within(2.8), "pulmonary trunk");
            Assert.That(Deviation(trunk) * trunk.Average(), Is.InRange(2.8, 7));
            Assert.That(trunk.Zip(aorta, (p, a) => p / a).Average(), Is.EqualTo(0.77).Within(0.09), "ratio");
        });
    }

    [Test]
    public void The_long_axis_is_tilted_as_in_people_with_tails_on_both_sides()
    {
        var tilts = People.Select(Tilt).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(tilts.Average(), Is.EqualTo(38.1).Within(5));
            Assert.That(Deviation(tilts) * tilts.Average(), Is.GreaterThan(7.8));
            Assert.That(tilts.Min(), Is.LessThan(20), "a horizontal heart");
            Assert.That(tilts.Max(), Is.GreaterThan(58), "a vertical heart");
        });
    }

    // Centres relative to the left ventricle's, LPS; those of Rodero's vessels are cut elsewhere, so they are not compared.
    [TestCase("RV", -31, -29, 1)]
    [TestCase("LA", -36, 32, 41)]
    [TestCase("RA", -66, 2, 22)]
    [TestCase("AA", -43, -6, 51)]
    public void Chambers_lie_around_the_left_ventricle_as_in_healthy_people(string name, double x, double y, double z)
    {
        const double toleranceMm = 27;
        var offsets = People.Select(person =>
            person.CentresMm[CoarsePeople.IndexOf(name)] - person.CentresMm[CoarsePeople.IndexOf("LV")]).ToArray();
        var mean = offsets.Aggregate(default(Vector3D), (sum, offset) => sum + offset) * (1.0 / offsets.Length);
        Assert.That((mean - new Vector3D(x, y, z)).Length, Is.LessThan(toleranceMm), $"{mean}");
        var spread = Math.Sqrt(offsets.Average(offset => (offset - mean).Dot(offset - mean)));
        Assert.That(spread, Is.GreaterThan(10), "spread in space, mm");
    }

    [Test]
    public void Hearts_differ_widely_in_width()
    {
        var widths = People.Select(person => Extent(person.Labels, 0)).ToArray();
        Assert.That(widths.Max(), Is.GreaterThan(155));
        Assert.That(widths.Min(), Is.LessThan(112));
    }

    private static ClinicalHeart Heart(CoarsePeople.Person person) =>
        ClinicalHeart.Sample(new SeededRandom(person.Seed).Derive("heart").Derive("volumes"));

    private static double Deviation(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean))) / mean;
    }

    /// <summary>Diameter of the largest ball within a structure, mm.</summary>
    private static double Width(CoarsePeople.Person person, string name)
    {
        var labels = person.Labels;
        var (size, label) = (labels.Grid.Size, (byte)CoarsePeople.IndexOf(name));
        var (inner, rim) = (new List<Vector3D>(), new List<Vector3D>());
        for (var z = 1; z < size.Z - 1; z++)
        {
            for (var y = 1; y < size.Y - 1; y++)
            {
                for (var x = 1; x < size.X - 1; x++)
                {
                    if (labels[x, y, z] == label)
                    {
                        inner.Add(labels.Grid.ToPoint(new(x, y, z)));
                    }
                    else if (labels[x - 1, y, z] == label || labels[x + 1, y, z] == label
                        || labels[x, y - 1, z] == label || labels[x, y + 1, z] == label
                        || labels[x, y, z - 1] == label || labels[x, y, z + 1] == label)
                    {
                        rim.Add(labels.Grid.ToPoint(new(x, y, z)));
                    }
                }
            }
        }

        // Half a voxel less than to the centres of the voxels outside; a ball's centre lies between voxels.
        return (2 * inner.Max(p => rim.Min(q => (p - q).Length))) - labels.Grid.SpacingMm.X;
    }

    /// <summary>The angle between the left ventricle's longest axis and the horizontal, seen from the front.</summary>
    private static double Tilt(CoarsePeople.Person person)
    {
        var points = Points(person.Labels, 1, 3);
        var centre = points.Aggregate(default(Vector3D), (sum, p) => sum + p) * (1.0 / points.Count);
        var axis = new Vector3D(0.6, -0.6, -0.5);
        for (var i = 0; i < 40; i++) // power iteration
        {
            axis = points.Aggregate(default(Vector3D), (sum, p) => sum + ((p - centre) * (p - centre).Dot(axis)));
            axis *= 1 / axis.Length;
        }

        return Math.Atan2(-axis.Z * Math.Sign(axis.X), Math.Abs(axis.X)) * 180 / Math.PI;
    }

    /// <summary>Extent of the chambers and the wall along an axis, mm.</summary>
    private static double Extent(Volume<byte> labels, int axis)
    {
        var values = Points(labels, 1, 2, 3, 4, 5).Select(p => p[axis]).ToArray();
        return values.Max() - values.Min();
    }

    private static List<Vector3D> Points(Volume<byte> labels, params byte[] wanted)
    {
        var size = labels.Grid.Size;
        var points = new List<Vector3D>();
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    if (wanted.Contains(labels[x, y, z]))
                        points.Add(labels.Grid.ToPoint(new(x, y, z)));
                }
            }
        }

        return points;
    }
}
