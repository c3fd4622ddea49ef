namespace MkdSeg.Reports.Pictures;

/// <summary>Packs cases for embedding in a page.</summary>
internal static class ViewerVolumes
{
    private const double MarginMm = 40;
    private static readonly (int, int, int) AsItIs = (1, 1, 1);

    /// <summary>Packs a case into at most the given number of bytes; a sentence reports cropping and downsampling.</summary>
    public static (ViewerCase Case, string? Shortened) Pack(
        CaseVolumes volumes, string caseId, string rank, (double Lower, double Upper) window, long bytes)
    {
        if (Estimate(volumes.Image.Grid) <= bytes && Try(volumes, AsItIs) is { } whole)
            return (whole, null);
        var cropped = volumes.AroundStructures(MarginMm);
        if (Estimate(cropped.Image.Grid) <= bytes && Try(cropped, AsItIs) is { } heart)
            return (heart, $"Viewer, {caseId}: cropped to {MarginMm} mm around the structures.");
        for (var voxels = bytes / 2; ; voxels = voxels * 3 / 4)
        {
            var factor = Coarser.FactorFor(cropped.Image.Grid, Math.Max(voxels, 1000));
            if (Try(cropped, factor, force: voxels <= 1000) is { } coarse)
            {
                return (
                    coarse,
                    $"Viewer, {caseId}: cropped to {MarginMm} mm around the structures and downsampled by "
                    + $"{factor.X} × {factor.Y} × {factor.Z}.");
            }
        }

        ViewerCase? Try(CaseVolumes part, (int X, int Y, int Z) factor, bool force = false)
        {
            var isCoarser = factor != AsItIs;
            var packed = new ViewerCase(
                caseId,
                rank,
                window.Lower,
                window.Upper,
                Centre(part),
                NiftiBytes.Of(isCoarser ? Coarser.Mean(part.Image, factor) : part.Image),
                [
                    .. part.Masks.Select(mask =>
                        (mask.Name, VolumeFile.ToNifti(isCoarser ? Coarser.Middle(mask.Mask, factor) : mask.Mask))),
                ]);
            return force || packed.Image.Length + packed.Masks.Sum(mask => mask.Mask.Length) <= bytes ? packed : null;
        }
    }

    // Of the box around the annotation, or otherwise the prediction; of the whole volume if that is empty.
    private static Vector3D Centre(CaseVolumes volumes)
    {
        var size = volumes.Image.Grid.Size;
        var found = new ClassExtents(volumes.Masks[0].Mask).WholeBox;
        var box = found == default ? new VoxelBox(0, 0, 0, size.X, size.Y, size.Z) : found;
        var point = volumes.Image.Grid.ToPoint(box.Centre);
        return new(-point.X, -point.Y, point.Z);
    }

    // Sixteen-bit noise does not compress to less than half its size, so larger volumes are not worth trying.
    private static long Estimate(Grid grid) => grid.Size.VoxelCount;
}

/// <summary>Compressed NIfTI files in memory, for the viewer of a page.</summary>
internal static class NiftiBytes
{
    private const int Steps = 60_000;

    // With fewer whole numbers than a screen has grey levels, fractions matter.
    private const int Fine = 256;

    /// <summary>Returns sixteen-bit integers: whole numbers if only invisible fractions are lost, else 60 000 steps.</summary>
    public static byte[] Of(Volume<float> image)
    {
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in image.Voxels)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        var isWhole = max - min >= Fine && min >= short.MinValue && max <= short.MaxValue;
        var slope = isWhole || max <= min ? 1 : (max - min) / Steps;
        var intercept = isWhole ? 0 : (min + max) / 2;
        var values = new short[image.Voxels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (short)Math.Round((image.Voxels[i] - intercept) / slope);
        return VolumeFile.ToNifti(new Volume<short>(image.Grid, values), slope, intercept);
    }
}
