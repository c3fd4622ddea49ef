using MkdSeg.Volumes;

namespace MkdSeg.Datasets;

/// <summary>A case as it was read.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Modality">Its modality.</param>
/// <param name="Image">Intensities on the file's own grid.</param>
/// <param name="Classes">Class indices on the image's grid; null where the case has no annotation.</param>
/// <param name="Warnings">What was put right while reading, one sentence each.</param>
public sealed record LabelledVolume(
    string CaseId, string Modality, Volume<float> Image, Volume<byte>? Classes, IReadOnlyList<string> Warnings);
