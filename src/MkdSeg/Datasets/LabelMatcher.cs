namespace MkdSeg.Datasets;

/// <summary>Converts a stored annotation into class indices on the grid of its image.</summary>
internal static class LabelMatcher
{
    /// <summary>Checks the geometry, clears what the manifest lists as artefacts and maps values to classes.</summary>
    public static Volume<byte> Match(
        CaseEntry entry, Grid image, Volume<ushort> labels, string source, LabelSet labelSet, List<string> warnings)
    {
        labels = Matching(entry.Id, image, labels, warnings);
        var cleared = ClearBorder(labels, entry.IgnoredLabelBorderVoxels);
        if (cleared > 0)
        {
            warnings.Add(
                $"{entry.Id}: {cleared} labelled voxels within {entry.IgnoredLabelBorderVoxels} voxels of the volume's "
                + "faces were set to background, as the manifest specifies.");
        }

        var classes = labelSet.ToClasses(labels, source, entry.IgnoredLabelValues, out var ignored);
        if (ignored > 0)
        {
            warnings.Add(
                $"{entry.Id}: {ignored} voxels with the label values {string.Join(", ", entry.IgnoredLabelValues)} "
                + "were set to background, as the manifest specifies.");
        }

        if (!classes.Voxels.AsSpan().ContainsAnyExcept((byte)0))
            warnings.Add($"{entry.Id}: the annotation {source} has no labelled voxel.");
        return new(image, classes.Voxels);
    }

    /// <summary>Returns the labels unchanged; throws if they are not on the image's grid.</summary>
    public static Volume<ushort> Matching(string caseId, Grid image, Volume<ushort> labels, List<string> warnings)
    {
        var label = labels.Grid;
        var difference = GridDifference.Between(image, label);
        if (difference is not { IsTolerable: true })
        {
            throw new UserErrorException(
                $"{caseId}: image and label are not on the same grid: the image has {GridDifference.Describe(image)}, the "
                + $"label {GridDifference.Describe(label)}; resample the label onto the image's grid.");
        }

        if (!difference.Value.IsRounding)
        {
            warnings.Add(
                $"{caseId}: the headers of image and label differ by {difference}; the image's header is used.");
        }

        return labels;
    }

    private static long ClearBorder(Volume<ushort> labels, int border)
    {
        if (border == 0)
            return 0;
        var size = labels.Grid.Size;
        var cleared = 0L;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = labels.Row(y, z);
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
}
