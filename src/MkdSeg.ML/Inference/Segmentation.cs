using MkdSeg.Ensembling;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Inference;

/// <summary>What an ensemble of segmentors found in a volume.</summary>
/// <param name="Mask">Class indices of all segmentors together, on the grid of the volume as it was read.</param>
/// <param name="SegmentorMasks">Class indices of each segmentor alone, on the same grid.</param>
/// <param name="Disagreement">
/// Where the segmentors disagree, see <see cref="Agreement.Disagreement"/>, on the grid of the prepared volume; 0 everywhere
/// for a single segmentor.
/// </param>
public sealed record Segmentation(
    Volume<byte> Mask, IReadOnlyList<Volume<byte>> SegmentorMasks, Volume<float> Disagreement);
