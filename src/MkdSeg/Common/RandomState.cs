namespace MkdSeg.Common;

/// <summary>
/// Everything that determines what a <see cref="SeededRandom"/> draws next; saved in checkpoints.
/// </summary>
/// <param name="Seed">The seed that derived streams come from.</param>
/// <param name="S0">Word 0 of the xoshiro256** state.</param>
/// <param name="S1">Word 1.</param>
/// <param name="S2">Word 2.</param>
/// <param name="S3">Word 3.</param>
/// <param name="SpareGaussian">The second value of the last Gaussian pair when it has not been drawn yet.</param>
public readonly record struct RandomState(
    ulong Seed, ulong S0, ulong S1, ulong S2, ulong S3, double? SpareGaussian = null);
