namespace MkdSeg.Phantom;

/// <summary>Specifies the phantom data set to write. CT and MR show different people, as in MM-WHS.</summary>
public sealed record PhantomDatasetOptions
{
    /// <summary>
    /// The seed, which determines everything. A volume depends only on the seed, its part of the data set and its index in
    /// that part, so a larger data set contains the smaller one.
    /// </summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of CT training volumes.</summary>
    public int CtTrain { get; init; } = 4;

    /// <summary>Number of MR training volumes.</summary>
    public int MrTrain { get; init; } = 20;

    /// <summary>Number of CT test volumes.</summary>
    public int CtTest { get; init; } = 10;

    /// <summary>Number of MR test volumes.</summary>
    public int MrTest { get; init; }

    /// <summary>Field of view and resolution.</summary>
    public PhantomSize Size { get; init; } = PhantomSize.Small;

    /// <summary>How much subjects and images vary.</summary>
    public PhantomVariation Variation { get; init; } = PhantomVariation.Default;

    /// <summary>
    /// Slice spacing in mm, with all slices transverse, for small data sets of thick slices; null for the default spacing and
    /// orientations.
    /// </summary>
    public double? SliceThicknessMm { get; init; }

    /// <summary>How much every CT is degraded: <see cref="PhantomRequest.Grade"/>.</summary>
    public int Grade { get; init; }

    /// <summary>
    /// Number of difficulty grades, from <see cref="Grade"/> up, in which each test CT is written: good and bad cases, to
    /// measure whether a model can tell which are which.
    /// </summary>
    public int Grades { get; init; } = 1;
}
