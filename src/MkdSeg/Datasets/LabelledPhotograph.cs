using MkdSeg.Volumes;

namespace MkdSeg.Datasets;

/// <summary>A photograph as it was read.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Modality">Its modality.</param>
/// <param name="Image">Values in [-1, 1]; the slices are the channels.</param>
/// <param name="Classes">
/// Class indices, one slice; <see cref="LabelSet.IgnoredClass"/> where the label image names no class.
/// </param>
/// <param name="Warnings">What is remarkable about it, one sentence each.</param>
public sealed record LabelledPhotograph(
    string CaseId, string Modality, Volume<float> Image, Volume<byte> Classes, IReadOnlyList<string> Warnings);
