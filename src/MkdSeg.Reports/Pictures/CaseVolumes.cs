using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Reports.Sources;
using MkdSeg.Volumes;

namespace MkdSeg.Reports.Pictures;

/// <summary>A case as pictures and viewer need it: image and masks in one orientation on one grid.</summary>
/// <param name="Image">Intensities.</param>
/// <param name="Masks">Class indices by name: the annotation where there is one, then the predictions, the model's last.</param>
internal sealed record CaseVolumes(Volume<float> Image, IReadOnlyList<(string Name, Volume<byte> Mask)> Masks)
{
    /// <summary>The name of the annotation among the masks.</summary>
    public const string Truth = "Truth";

    private const string View = "LPS";

    /// <summary>Reads a case.</summary>
    /// <param name="item">The case; its image must be there.</param>
    /// <param name="set">The masks.</param>
    /// <param name="labels">What the files' values mean.</param>
    /// <exception cref="UserErrorException">A file cannot be read, or there is no mask on the image's grid.</exception>
    public static CaseVolumes Read(ScoredCase item, MaskSet set, LabelSet labels)
    {
        var image = VolumeFile.ReadIntensities(item.Image!);
        var files = new List<(string Name, string Path)>();
        if (item.Truth is { } truth)
            files.Add((Truth, truth));
        files.AddRange(set.Folders
            .Select(folder => (folder.Name, Path: ReportSources.MaskOf(folder.Folder, item.Id)!))
            .Where(mask => mask.Path is not null));
        var masks = files.Select(file => (file.Name, Mask: labels.ToClasses(VolumeFile.ReadLabels(file.Path), file.Path)))
            .Where(mask => mask.Mask.Grid.Size == image.Grid.Size)
            .Select(mask => (mask.Name, Orientation.Reorient(mask.Mask, View)))
            .ToList();
        return masks.Count > 0
            ? new(Orientation.Reorient(image, View), masks)
            : throw new UserErrorException(
                $"{item.Id}: no mask lies on the image's grid of {image.Grid.Size} voxels; make the masks again from this "
                + "image.");
    }

    /// <summary>A part of the case.</summary>
    public CaseVolumes Cut(Viewer.VoxelRegion region) =>
        new(region.Cut(Image), [.. Masks.Select(mask => (mask.Name, region.Cut(mask.Mask)))]);
}
