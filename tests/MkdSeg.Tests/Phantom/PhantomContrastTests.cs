using MkdSeg.Phantom;

namespace MkdSeg.Tests.Phantom;

/// <summary>What the contrast agent gives away about chambers and vessels.</summary>
public class PhantomContrastTests
{
    // Class indices of LA, LV, RA, RV, AA, PA.
    private static readonly int[] Blood = [2, 3, 4, 5, 6, 7];

    [TestCase(11ul)]
    [TestCase(12ul)]
    public void In_the_equilibrium_phase_all_blood_is_alike_and_brighter_than_muscle(ulong seed)
    {
        var means = Means(PhantomVariation.Anatomy, seed);
        var blood = Blood.Select(index => means[index]).ToArray();
        Assert.That(blood.Max() - blood.Min(), Is.LessThan(35));
        Assert.That(blood.Min() - means[1], Is.GreaterThan(15));
    }

    [TestCase(11ul)]
    [TestCase(12ul)]
    public void In_the_arterial_phase_the_left_heart_is_brighter(ulong seed)
    {
        var means = Means(PhantomVariation.Default, seed);
        Assert.That(means[2] - means[4], Is.GreaterThan(30), "LA and RA");
        Assert.That(means[3] - means[5], Is.GreaterThan(30), "LV and RV");
    }

    private static double[] Means(PhantomVariation variation, ulong seed)
    {
        var phantom = PhantomGenerator.Generate(new() { Seed = seed, Variation = variation });
        var (sums, counts) = (new double[8], new long[8]);
        for (var i = 0; i < phantom.Classes.Voxels.Length; i++)
        {
            sums[phantom.Classes.Voxels[i]] += phantom.Image.Voxels[i];
            counts[phantom.Classes.Voxels[i]]++;
        }

        return [.. sums.Zip(counts, (sum, count) => sum / count)];
    }
}
