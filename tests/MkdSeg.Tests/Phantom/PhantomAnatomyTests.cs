using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

/// <summary>People against facts measured on a public whole-heart template.</summary>
/// <param name="variation">Whose people.</param>
/// <param name="leastSpread">Smallest standard deviation of a structure's volume relative to its mean.</param>
/// <param name="largestSpread">The largest one.</param>
/// <param name="contactShare">Contact areas shrink with the heart: this share of the usual least one is enough.</param>
[TestFixture(PhantomVariation.Default, 0.10, 0.28, 1.0)]
[TestFixture(PhantomVariation.Anatomy, 0.20, 0.60, 0.75)]
public sealed class PhantomAnatomyTests(PhantomVariation variation, double leastSpread, double largestSpread, double contactShare)
{
    [TestCase("MYO", 89)]
    [TestCase("LA", 80)]
    [TestCase("LV", 45)]
    [TestCase("RA", 92)]
    [TestCase("RV", 67)]
    [TestCase("AA", 66)]
    [TestCase("PA", 68)]
    public void VolumesHaveTheTemplatesMeanAndAPlausibleSpread(string name, double templateMl)
    {
        var volumes = CoarsePeople.Of(variation).Select(person => person.VolumesMl[CoarsePeople.IndexOf(name)]).ToArray();
        var mean = volumes.Average();
        var spread = Math.Sqrt(volumes.Average(volume => (volume - mean) * (volume - mean))) / mean;
        Assert.Multiple(() =>
        {
            Assert.That(mean, Is.EqualTo(templateMl).Within(20).Percent, "mean volume, mL");
            Assert.That(spread, Is.InRange(leastSpread, largestSpread), "standard deviation relative to the mean");
        });
    }

    // Template centres in its own R, A, S millimetres; the phantom's axes point left, back and up.
    [TestCase("MYO", -36, 3, -18)]
    [TestCase("LA", 7, -27, 1)]
    [TestCase("LV", -32, 4, -17)]
    [TestCase("RA", 31, 9, -14)]
    [TestCase("RV", -9, 27, -21)]
    [TestCase("AA", 20, 5, 35)]
    [TestCase("PA", 7, -17, 40)]
    public void StructuresLieWhereTheTemplateHasThem(string name, double right, double front, double up)
    {
        const double toleranceMm = 14;
        var centres = CoarsePeople.Of(variation).Select(person => person.CentresMm[CoarsePeople.IndexOf(name)]).ToArray();
        var mean = centres.Aggregate(new Vector3D(0, 0, 0), (sum, centre) => sum + centre) * (1.0 / centres.Length);
        Assert.That((mean - new Vector3D(-right, -front, up)).Length, Is.LessThan(toleranceMm), $"mean centre {mean}");
    }

    [TestCase("MYO", "LV", 600)]
    [TestCase("MYO", "RV", 150)]
    [TestCase("MYO", "LA", 30)]
    [TestCase("LA", "LV", 40)]
    [TestCase("LV", "AA", 30)]
    [TestCase("RA", "RV", 50)]
    [TestCase("RA", "AA", 5)]
    [TestCase("RV", "PA", 30)]
    public void StructuresTouchInEveryPerson(string one, string other, int leastFaces)
    {
        var contacts = Contacts(one, other);
        Assert.That(contacts, Is.All.GreaterThanOrEqualTo(contactShare * leastFaces), string.Join(' ', contacts));
    }

    [TestCase("LV", "RV")]
    [TestCase("LV", "RA")]
    [TestCase("LV", "PA")]
    [TestCase("LA", "PA")]
    [TestCase("LA", "AA")]
    [TestCase("LA", "RV")]
    public void WallsKeepStructuresApartInEveryPerson(string one, string other) =>
        Assert.That(Contacts(one, other), Is.All.EqualTo(0));

    [Test]
    public void LeftVentricleIsEnclosedByMyocardiumButForItsTwoValves()
    {
        foreach (var person in CoarsePeople.Of(variation))
        {
            var faces = Enumerable.Range(0, CoarsePeople.ClassCount)
                .Select(other => person.Contacts[CoarsePeople.IndexOf("LV"), other]).ToArray();
            Assert.That(faces[0], Is.Zero, "faces to the background");
            var myocardium = faces[CoarsePeople.IndexOf("MYO")] / (double)faces.Sum();
            Assert.That(myocardium, Is.InRange(0.75, 0.95));
        }
    }

    private int[] Contacts(string one, string other) =>
        [.. CoarsePeople.Of(variation).Select(p => p.Contacts[CoarsePeople.IndexOf(one), CoarsePeople.IndexOf(other)])];
}
