using MkdSeg.Common;

namespace MkdSeg.Phantom.Internals;

/// <summary>Draws that keep subjects plausible.</summary>
internal static class Sampling
{
    /// <summary>A normal draw cut off at two standard deviations, so that no subject is absurd.</summary>
    public static double Normal(this SeededRandom random, double mean, double sd) =>
        mean + (sd * Math.Clamp(random.NextGaussian(), -2, 2));

    /// <summary>True with the given probability.</summary>
    public static bool Chance(this SeededRandom random, double probability) => random.NextDouble() < probability;
}
