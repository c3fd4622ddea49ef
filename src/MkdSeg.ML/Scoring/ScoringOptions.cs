using System.Globalization;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Scoring;

/// <summary>Options for scoring folders.</summary>
public sealed record ScoringOptions
{
    /// <summary>
    /// How the networks' field of view is chosen; null uses the bundle's rule, with <see cref="CropRule.Located"/> instead of
    /// <see cref="CropRule.Label"/>.
    /// </summary>
    public CropRule? Crop { get; init; }

    /// <summary>The file formats of masks.</summary>
    public MaskFormats Formats { get; init; } = MaskFormats.Nifti;

    /// <summary>Whether each segmentor's own masks are written too, in a subfolder named after it.</summary>
    public bool SegmentorMasks { get; init; }

    /// <summary>
    /// Whether the probability of each structure is written too, in the subfolder "probabilities": one NIfTI file of
    /// 32-bit floats per structure, on the volume's own grid.
    /// </summary>
    public bool Probabilities { get; init; }

    /// <summary>
    /// Whether masks keep only the largest part of each structure and have cavities of up to
    /// <see cref="FillHolesUpToMl"/> filled.
    /// </summary>
    public bool CleanUp { get; init; } = true;

    /// <summary>The largest closed cavity that <see cref="CleanUp"/> fills, in mL.</summary>
    public double FillHolesUpToMl { get; init; } = 2;

    /// <summary>Whether finished cases are scored again.</summary>
    public bool Force { get; init; }

    /// <summary>The part of the cases to score; null for all.</summary>
    public ScoringShard? Shard { get; init; }

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
}

/// <summary>File formats of masks.</summary>
[Flags]
public enum MaskFormats
{
    /// <summary>.nii.gz with the label set's values.</summary>
    Nifti = 1,

    /// <summary>.seg.nrrd with names, colours and terminology, for 3D Slicer.</summary>
    SegNrrd = 2,

    /// <summary>
    /// .seg.dcm, a DICOM Segmentation object on the slices of a DICOM series. For other volumes, and for series that lack what
    /// the object needs, <see cref="Nifti"/> is written instead, and a warning says why.
    /// </summary>
    DicomSeg = 4,

    /// <summary>
    /// A folder .overlay with a DICOM series of colour images: a page of volumes, and the slices with outlines. If it cannot be
    /// written, the fallback is the same as for <see cref="DicomSeg"/>.
    /// </summary>
    Overlay = 8,
}

/// <summary>
/// Every n-th case in order, so that several processes or machines can share a folder; the n parts are disjoint and together
/// cover all cases.
/// </summary>
public sealed record ScoringShard
{
    private const string Prefix = "part-";

    /// <summary>Creates part <paramref name="index"/> of <paramref name="count"/>, counted from 1.</summary>
    /// <exception cref="UserErrorException">There is no such part.</exception>
    public ScoringShard(int index, int count)
    {
        if (count < 1 || index < 1 || index > count)
            throw new UserErrorException($"There is no part {index} of {count}; parts are 1/{count} to {count}/{count}.");
        (Index, Count) = (index, count);
    }

    /// <summary>The part's number, from 1.</summary>
    public int Index { get; }

    /// <summary>Number of parts.</summary>
    public int Count { get; }

    /// <summary>Returns the part's name in file names: "part-2-of-8".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Index}-of-{Count}");

    /// <summary>Returns whether the case at an index, from 0, belongs to the part.</summary>
    internal bool Has(int place) => place % Count == Index - 1;

    /// <summary>Parses a name such as "part-2-of-8"; returns null for any other name.</summary>
    internal static ScoringShard? Parse(string name)
    {
        var numbers = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..].Split("-of-") : [];
        return numbers is [var first, var second]
            && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && index >= 1 && index <= count
                ? new(index, count)
                : null;
    }
}
