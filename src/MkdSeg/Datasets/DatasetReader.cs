using MkdSeg.IO;

namespace MkdSeg.Datasets;

/// <summary>Reads the cases of a volume data set, keeping each file's orientation.</summary>
public sealed class DatasetReader
{
    /// <summary>Creates a reader.</summary>
    public DatasetReader(VolumeManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        Manifest = manifest;
        Labels = manifest.LabelSet;
    }

    /// <summary>The data set.</summary>
    public VolumeManifest Manifest { get; }

    /// <summary>Its structures.</summary>
    public LabelSet Labels { get; }

    /// <summary>Reads a volume and its annotation, if it has one.</summary>
    /// <exception cref="UserErrorException">
    /// A file is missing or unreadable, the geometries of image and label disagree, or a label value is unknown.
    /// </exception>
    public LabelledVolume Read(CaseEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var image = VolumeFile.ReadIntensities(Existing(entry, "image", Manifest.ImagePath(entry)));
        var warnings = new List<string>();
        Volume<byte>? classes = null;
        if (Manifest.LabelPath(entry) is { } path)
        {
            var labels = VolumeFile.ReadLabels(Existing(entry, "label", path));
            classes = LabelMatcher.Match(entry, image.Grid, labels, path, Labels, warnings);
        }

        else if (entry.Masks.Count > 0)
        {
            classes = ComposeMasks(entry, image.Grid, warnings);
        }

        return new(entry.Id, entry.Modality, image, classes, warnings);
    }

    /// <summary>Reads a case as <see cref="Read"/> does, with its tissue map if it has one.</summary>
    /// <exception cref="UserErrorException">As for <see cref="Read"/>, or the map is missing or unreadable.</exception>
    internal LabelledVolume ReadWithTissues(CaseEntry entry)
    {
        var volume = Read(entry);
        if (Manifest.TissueMapPath(entry) is not { } path)
            return volume;
        var stored = VolumeFile.ReadLabels(Existing(entry, "tissue map", path));
        return volume with { Tissues = new(stored.Grid, Array.ConvertAll(stored.Voxels, tissue => (byte)tissue)) };
    }

    // Written from the last structure to the first, so that the first wins where masks overlap.
    private Volume<byte> ComposeMasks(CaseEntry entry, Grid image, List<string> warnings)
    {
        var classes = new Volume<byte>(image);
        var paths = Manifest.MaskPaths(entry).ToDictionary(mask => mask.Structure, mask => mask.Path, StringComparer.Ordinal);
        foreach (var structure in Labels.Structures.Reverse().Where(structure => paths.ContainsKey(structure.Name)))
        {
            var path = paths[structure.Name];
            var mask = LabelMatcher.Matching(
                entry.Id, image, VolumeFile.ReadLabels(Existing(entry, $"{structure.Name} mask", path)), warnings);
            for (var i = 0; i < mask.Voxels.Length; i++)
            {
                if (mask.Voxels[i] != 0)
                    classes.Voxels[i] = (byte)structure.ClassIndex;
            }
        }

        return classes;
    }

    private static string Existing(CaseEntry entry, string what, string path) =>
        Path.Exists(path)
            ? path
            : throw new UserErrorException(
                $"{entry.Id}: the {what} file {path} is missing; check the data root or get the file.");
}

/// <summary>A case with its voxels.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Modality">Its modality.</param>
/// <param name="Image">Intensities on the file's own grid.</param>
/// <param name="Classes">Class indices on the image's grid; null where the case has no annotation.</param>
/// <param name="Warnings">Corrections and anomalies, one sentence each.</param>
public sealed record LabelledVolume(
    string CaseId, string Modality, Volume<float> Image, Volume<byte>? Classes, IReadOnlyList<string> Warnings)
{
    /// <summary>The tissue map of a phantom; null unless requested.</summary>
    internal Volume<byte>? Tissues { get; init; }
}
