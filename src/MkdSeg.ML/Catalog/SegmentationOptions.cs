using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Catalog;

/// <summary>How a bundle becomes a pipeline.</summary>
public sealed record SegmentationOptions
{
    /// <summary>The text column with the volume's path; null where a <see cref="VolumeColumnName"/> is given.</summary>
    public string? PathColumnName { get; init; } = SegmentationColumns.Path;

    /// <summary>
    /// A text column with what messages call the volume; null takes that of its path, and "the volume" where there is none.
    /// </summary>
    public string? NameColumnName { get; init; }

    /// <summary>The column that holds, or will hold, the volume as it was read.</summary>
    public string VolumeColumnName { get; init; } = SegmentationColumns.Volume;

    /// <summary>
    /// How the networks' field of view is chosen. Null takes the bundle's rule, but <see cref="CropRule.Located"/> for
    /// <see cref="CropRule.Label"/>: who scores has no annotation.
    /// </summary>
    public CropRule? Crop { get; init; }

    /// <summary>For the rule <see cref="CropRule.Label"/>: the column of class volumes with the annotation.</summary>
    public string LabelColumnName { get; init; } = SegmentationColumns.Label;

    /// <summary>A weight for each segmentor in the bundle's order; null for equal ones.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>Mirror images of each slice that are segmented as well; each costs a pass of each network.</summary>
    public SliceFlips Flips { get; init; }

    /// <summary>Whether masks keep only the largest part of each structure.</summary>
    public bool LargestComponentsOnly { get; init; }

    /// <summary>Closed cavities within one structure are filled up to this volume, in mL; 0 fills none.</summary>
    public double FillHolesUpToMl { get; init; }

    /// <summary>
    /// Whether there are columns of probabilities. They take (classes + 1) × segmentors times the memory of the prepared
    /// volume; without them, masks are made batch by batch. The masks are the same.
    /// </summary>
    public bool KeepProbabilities { get; init; }

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
}
