using System.Globalization;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Scoring;

/// <summary>How folders are scored.</summary>
public sealed record ScoringOptions
{
    /// <summary>
    /// How the networks' field of view is chosen; null takes the bundle's rule, but <see cref="CropRule.Located"/> for
    /// <see cref="CropRule.Label"/>.
    /// </summary>
    public CropRule? Crop { get; init; }

    /// <summary>The files that masks become.</summary>
    public MaskFormats Formats { get; init; } = MaskFormats.Nifti;

    /// <summary>Whether each segmentor's own masks are written too, in a subfolder named after it.</summary>
    public bool SegmentorMasks { get; init; }

    /// <summary>
    /// Whether the probability of each structure is written too, in the subfolder "probabilities": one NIfTI file of
    /// 32-bit floats per structure, on the volume's own grid.
    /// </summary>
    public bool Probabilities { get; init; }

    /// <summary>
    /// Whether masks keep only the largest part of each structure and have cavities filled up to
    /// <see cref="FillHolesUpToMl"/>.
    /// </summary>
    public bool CleanUp { get; init; } = true;

    /// <summary>The largest closed cavity that <see cref="CleanUp"/> fills, in mL.</summary>
    public double FillHolesUpToMl { get; init; } = 2;

    /// <summary>Whether cases that are finished are done again.</summary>
    public bool Force { get; init; }

    /// <summary>The part of the cases to score; null for all.</summary>
    public ScoringShard? Shard { get; init; }

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
}

/// <summary>Files that a mask can become.</summary>
[Flags]
public enum MaskFormats
{
    /// <summary>.nii.gz with the label set's values.</summary>
    Nifti = 1,

    /// <summary>.seg.nrrd with names, colours and terminology, for 3D Slicer.</summary>
    SegNrrd = 2,

    /// <summary>
    /// .seg.dcm, a DICOM Segmentation object on the slices of a DICOM series. Of other volumes, and of series that lack what the
    /// object needs, <see cref="Nifti"/> is written instead, and a warning says why.
    /// </summary>
    DicomSeg = 4,

    /// <summary>
    /// A folder .overlay with a DICOM series of colour pictures: a page of volumes, and the slices with outlines. Where it cannot
    /// be made, as <see cref="DicomSeg"/>.
    /// </summary>
    Overlay = 8,
}

/// <summary>
/// Every n-th case, by the order of the cases, so that several processes or machines share a folder; the parts of one
/// number n are disjoint and together all.
/// </summary>
public sealed record ScoringShard
{
    private const string Prefix = "part-";

    /// <summary>The part <paramref name="index"/> of <paramref name="count"/>, counted from 1.</summary>
    /// <exception cref="UserErrorException">There is no such part.</exception>
    public ScoringShard(int index, int count)
    {
        if (count < 1 || index < 1 || index > count)
            throw new UserErrorException($"There is no part {index} of {count}; parts are 1/{count} to {count}/{count}.");
        (Index, Count) = (index, count);
    }

    /// <summary>The part's place, from 1.</summary>
    public int Index { get; }

    /// <summary>Number of parts.</summary>
    public int Count { get; }

    /// <summary>How files name the part: "part-2-of-8".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Index}-of-{Count}");

    /// <summary>Whether the case at a place, from 0, belongs to the part.</summary>
    internal bool Has(int place) => place % Count == Index - 1;

    /// <summary>The part that a name such as "part-2-of-8" means; null where it means none.</summary>
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
