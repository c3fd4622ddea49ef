using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Scoring;

/// <summary>Writes the files of cases, each of which appears when it is complete.</summary>
/// <param name="folder">The output folder.</param>
/// <param name="labels">The structures.</param>
/// <param name="formats">The files that masks become.</param>
internal sealed class CaseOutputs(string folder, LabelSet labels, MaskFormats formats)
{
    private const string MaskSuffix = ".nii.gz";
    private const string ProbabilityFolder = "probabilities";

    /// <summary>Writes all there is to write of a case.</summary>
    /// <returns>The files, relative to the output folder.</returns>
    public IReadOnlyList<string> Write(string name, CaseMasks masks, Grid grid)
    {
        var written = new List<string>();
        if (masks.Probabilities is { } probabilities)
        {
            foreach (var structure in labels.Structures)
            {
                var path = Path.Combine(ProbabilityFolder, $"{name}_{FileName(structure.Name)}{MaskSuffix}");
                VolumeFile.Write(
                    MaskResampler.ResampleProbability(probabilities, structure.ClassIndex, grid),
                    Path.Combine(folder, path));
                written.Add(path);
            }
        }

        foreach (var (role, mask) in masks.OfSegmentors)
            WriteMask(mask, Path.Combine(role, name));
        // The mask of all segmentors comes last: where it is, the case is complete.
        WriteMask(masks.Mask, name);
        return written;

        void WriteMask(Volume<byte> mask, string path)
        {
            if (formats.HasFlag(MaskFormats.SegNrrd))
            {
                SegNrrdFile.Write(mask, labels, Path.Combine(folder, path + SegNrrdFile.Suffix));
                written.Add(path + SegNrrdFile.Suffix);
            }

            if (formats.HasFlag(MaskFormats.Nifti))
            {
                VolumeFile.WriteLabels(mask, labels, Path.Combine(folder, path + MaskSuffix));
                written.Add(path + MaskSuffix);
            }
        }
    }

    private static string FileName(string structure) =>
        string.Concat(structure.Select(c => char.IsLetterOrDigit(c) || c is '-' or '.' ? c : '_'));
}
