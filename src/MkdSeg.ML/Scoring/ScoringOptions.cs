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

    /// <summary>Whether each segmentor's own masks are written too, in a subfolder named after it.</summary>
    public bool SegmentorMasks { get; init; }

    /// <summary>Where and how the networks run.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
}
