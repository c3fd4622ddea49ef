using MkdSeg.IO;

namespace MkdSeg.Datasets;

/// <summary>
/// Reads the cases of a photograph data set. Pixels whose label value, or colour in a coloured label image, belongs
/// to no class of the manifest are ignored in training and scoring.
/// </summary>
/// <remarks>
/// A label image with a palette, as in GTA5, is read as colours, which are mapped to classes by the manifest's colours.
/// Labels that share a colour then cannot be distinguished: in the Cityscapes palette, "polegroup" has the colour of
/// "pole", and "license plate" the colour of "car".
/// </remarks>
internal sealed class PhotographReader
{
    private readonly Dictionary<int, byte> _classOfValue = [];
    private readonly Dictionary<int, byte> _classOfColor = [];

    public PhotographReader(PhotographManifest manifest)
    {
        Manifest = manifest;
        foreach (var structure in manifest.LabelSet.Structures)
        {
            foreach (var value in structure.Aliases.Prepend(structure.Value))
                _classOfValue.Add(value, (byte)structure.ClassIndex);
            var color = int.Parse(structure.Color.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _classOfColor.TryAdd(color, (byte)structure.ClassIndex);
        }
    }

    public PhotographManifest Manifest { get; }

    public LabelledPhotograph Read(PhotographCase entry)
    {
        var image = PhotographFile.Read(entry.ImagePath, Manifest.Channels);
        var classes = ReadClasses(entry);
        if ((classes.Grid.Size.X, classes.Grid.Size.Y) != (image.Grid.Size.X, image.Grid.Size.Y))
        {
            throw new UserErrorException(
                $"{entry.ImagePath} has {image.Grid.Size.X}×{image.Grid.Size.Y} pixels, its label image "
                + $"{entry.LabelPath} {classes.Grid.Size.X}×{classes.Grid.Size.Y}; they must be the same size.");
        }

        var labelled = classes.Voxels.AsSpan().ContainsAnyExcept(LabelSet.IgnoredClass);
        return new(
            entry.Id,
            entry.Modality,
            image,
            classes,
            labelled ? [] : [$"{entry.LabelPath}: no pixel has a label value or colour that the manifest lists."]);
    }

    /// <summary>Reads only the class indices; <see cref="LabelSet.IgnoredClass"/> where the manifest has no class.</summary>
    public Volume<byte> ReadClasses(PhotographCase entry)
    {
        var (values, coloured) = PhotographFile.ReadLabels(entry.LabelPath);
        var known = coloured ? _classOfColor : _classOfValue;
        var classes = new Volume<byte>(values.Grid);
        for (var i = 0; i < classes.Voxels.Length; i++)
            classes.Voxels[i] = known.GetValueOrDefault(values.Voxels[i], LabelSet.IgnoredClass);
        return classes;
    }
}

internal sealed record LabelledPhotograph(
    string CaseId, string Modality, Volume<float> Image, Volume<byte> Classes, IReadOnlyList<string> Warnings);
