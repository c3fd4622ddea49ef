using MkdSeg.Rendering;
using MkdSeg.Reports.Reading;

namespace MkdSeg.Reports.Pictures;

/// <summary>Image and masks in one orientation: the annotation first, if any, the model's own mask last.</summary>
internal sealed record CaseVolumes(Volume<float> Image, IReadOnlyList<(string Name, Volume<byte> Mask)> Masks)
{
    public const string Truth = "Truth";

    private const string View = "LPS";
    private const int HeightPx = 400;
    private const double MarginMm = 30;

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
                $"{item.Id}: no mask matches the image's grid of {image.Grid.Size} voxels; regenerate the masks from this "
                + "image.");
    }

    public CaseVolumes Cut(VoxelBox box) =>
        new(box.Cut(Image), [.. Masks.Select(mask => (mask.Name, box.Cut(mask.Mask)))]);

    /// <summary>Returns the case cropped to its structures and a margin; the whole case if there are none.</summary>
    public CaseVolumes AroundStructures(double marginMm)
    {
        var box = Masks.Aggregate(default(VoxelBox), (all, mask) => all.Around(new ClassExtents(mask.Mask).WholeBox));
        return box == default ? this : Cut(box.Widened(Image.Grid, marginMm));
    }

    /// <summary>Draws annotation and prediction in three planes through the annotation's centre, around the heart.</summary>
    public CasePictures Draw(
        string caseId, string rank, double? dice, LabelSet labels, (double Lower, double Upper) window)
    {
        var shown = AroundStructures(MarginMm);
        var (first, last) = (shown.Masks[0], shown.Masks[^1]);
        (string Name, Volume<byte> Mask)[] rows = shown.Masks.Count > 1 && first.Name == Truth ? [first, last] : [last];
        return new(caseId, rank, dice, [.. rows.Select(row => (row.Name, Planes(row.Mask)))]);

        IReadOnlyList<byte[]> Planes(Volume<byte> mask) =>
        [
            .. ThreePlanes
                .DrawEach(shown.Image, mask, labels, window.Lower, window.Upper, HeightPx, centredOn: first.Mask)
                .Select(picture => picture.ToPng()),
        ];
    }
}
