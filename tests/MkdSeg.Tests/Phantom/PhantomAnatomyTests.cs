using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

/// <summary>People against facts measured on a public whole-heart template.</summary>
/// <param name="variation">Whose people.</param>
/// <param name="leastSpread">Smallest standard deviation of a structure's volume relative to its mean.</param>
/// <param name="largestSpread">The largest one.</param>
[TestFixture(PhantomVariation.Default, 0.10, 0.28)]
[TestFixture(PhantomVariation.Anatomy, 0.20, 0.60)]
public sealed class PhantomAnatomyTests(PhantomVariation variation, double leastSpread, double largestSpread)
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
}
