using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;

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
