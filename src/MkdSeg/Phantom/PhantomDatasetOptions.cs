namespace MkdSeg.Phantom;

/// <summary>Which phantom data set to write. CT and MR show different people, as in MM-WHS.</summary>
public sealed record PhantomDatasetOptions
{
    /// <summary>
    /// Determines everything. A volume depends only on the seed, its part of the data set and its number there, so a larger
    /// data set contains the smaller one.
    /// </summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of CT volumes to train on.</summary>
    public int CtTrain { get; init; } = 4;

    /// <summary>Number of MR volumes to train on.</summary>
    public int MrTrain { get; init; } = 20;

    /// <summary>Number of CT volumes to test on.</summary>
    public int CtTest { get; init; } = 10;

    /// <summary>Number of MR volumes to test on.</summary>
    public int MrTest { get; init; }

    /// <summary>Field of view and resolution.</summary>
    public PhantomSize Size { get; init; } = PhantomSize.Small;

    /// <summary>How much subjects and images differ.</summary>
    public PhantomVariation Variation { get; init; } = PhantomVariation.Default;

    /// <summary>
    /// Distance of the slices, mm, all of them transverse, which makes small data sets of thick slices; null for the usual
    /// distance and orientations.
    /// </summary>
    public double? SliceThicknessMm { get; init; }

    /// <summary>How much harder than drawn every CT is made: <see cref="PhantomRequest.Grade"/>.</summary>
    public int Grade { get; init; }

    /// <summary>
    /// In how many grades of difficulty each CT to test on is written, from <see cref="Grade"/> on: cases good and bad, to measure
    /// whether a model knows which are which.
    /// </summary>
    public int Grades { get; init; } = 1;
}
