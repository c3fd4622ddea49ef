using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.Datasets;

/// <summary>Brings an annotation as its file has it onto the grid of its image, as class indices.</summary>
internal static class LabelMatcher
{
    private const double OriginToleranceVoxels = 0.5;
    private const double SpacingTolerance = 0.02;
    private const double CosineTolerance = 1e-2;

    /// <summary>Checks the geometry, clears what the manifest calls artefacts and maps values to classes.</summary>
    /// <exception cref="UserErrorException">The geometries disagree, or a label value is unknown.</exception>
    public static Volume<byte> Match(
        CaseEntry entry, Grid image, Volume<ushort> labels, string source, LabelSet labelSet, List<string> warnings)
    {
        CheckGrids(entry.Id, image, labels.Grid, warnings);
        var cleared = ClearBorder(labels, entry.IgnoredLabelBorderVoxels);
        if (cleared > 0)
        {
            warnings.Add(
                $"{entry.Id}: {cleared} labelled voxels within {entry.IgnoredLabelBorderVoxels} voxels of the volume's "
                + "faces became background, as the manifest says.");
        }

        var classes = labelSet.ToClasses(labels, source, entry.IgnoredLabelValues, out var ignored);
        if (ignored > 0)
        {
            warnings.Add(
                $"{entry.Id}: {ignored} voxels with the label values {string.Join(", ", entry.IgnoredLabelValues)} "
                + "became background, as the manifest says.");
        }

        return new(image, classes.Voxels);
    }

    private static void CheckGrids(string caseId, Grid image, Grid label, List<string> warnings)
    {
        if (image == label)
            return;
        var (shift, spacing, cosines) = (0.0, 0.0, 0.0);
        if (image.Size == label.Size)
        {
            var offset = image.ToIndex(label.OriginMm);
            for (var axis = 0; axis < 3; axis++)
            {
                shift = Math.Max(shift, Math.Abs(offset[axis]));
                spacing = Math.Max(spacing, Math.Abs((label.SpacingMm[axis] / image.SpacingMm[axis]) - 1));
                for (var side = 0; side < 3; side++)
                    cosines = Math.Max(cosines, Math.Abs(image.Direction[axis][side] - label.Direction[axis][side]));
            }
        }

        if (image.Size != label.Size || shift > OriginToleranceVoxels || spacing > SpacingTolerance
            || cosines > CosineTolerance)
        {
            throw new UserErrorException(
                $"{caseId}: image and label do not lie on the same grid; the image has {Describe(image)}, the label "
                + $"{Describe(label)}: resample the label onto the image's grid.");
        }

        // What rounding in a file header makes is not worth a word.
        if (shift > 1e-3 || spacing > 1e-4 || cosines > 1e-4)
        {
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{caseId}: the headers of image and label disagree by {shift:0.###} voxels in origin, "
                + $"{spacing:0.###%} in spacing and {cosines:0.####} in the axis directions; the image's is used."));
        }
    }

    private static long ClearBorder(Volume<ushort> labels, int border)
    {
        if (border == 0)
            return 0;
        var size = labels.Grid.Size;
        var cleared = 0L;
        for (var z = 0; z < size.Z; z++)
        {
            var slice = labels.Slice(z);
            for (var y = 0; y < size.Y; y++)
            {
                var row = slice.Slice(y * size.X, size.X);
                if (z < border || z >= size.Z - border || y < border || y >= size.Y - border)
                {
                    cleared += Clear(row);
                }
                else
                {
                    cleared += Clear(row[..Math.Min(border, size.X)]);
                    cleared += Clear(row[Math.Max(0, size.X - border)..]);
                }
            }
        }

        return cleared;
    }

    private static int Clear(Span<ushort> voxels)
    {
        var labelled = voxels.Length - voxels.Count((ushort)0);
        voxels.Clear();
        return labelled;
    }

    private static string Describe(Grid grid) => string.Create(
        CultureInfo.InvariantCulture,
        $"{grid.Size} voxels of {grid.SpacingMm.X:0.###}×{grid.SpacingMm.Y:0.###}×{grid.SpacingMm.Z:0.###} mm, origin "
        + $"({grid.OriginMm.X:0.##}, {grid.OriginMm.Y:0.##}, {grid.OriginMm.Z:0.##}), orientation "
        + $"{Orientation.Of(grid)}");
}
