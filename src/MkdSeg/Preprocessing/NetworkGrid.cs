namespace MkdSeg.Preprocessing;

/// <summary>The grid that networks see: square pixels in the volume's own slices, which are never resampled.</summary>
internal static class NetworkGrid
{
    // Includes slices whose centre misses the limit only by rounding.
    private const double Epsilon = 1e-6;

    /// <summary>Places the grid on an oriented volume, with its first pixel at a voxel centre.</summary>
    public static Grid Create(Grid oriented, PreprocessingOptions options, HeartBox? box, int sizeMultiple = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sizeMultiple);
        options.Validate("preprocessing");
        var size = oriented.Size;
        var (centreX, centreY) = ((size.X - 1) / 2.0, (size.Y - 1) / 2.0);
        var (firstSlice, lastSlice) = (0, size.Z - 1);
        var (width, height) = (options.PatchSize, options.PatchSize);
        switch (options.Crop)
        {
            case CropRule.Label or CropRule.Located:
                if (box is null)
                {
                    throw new UserErrorException(
                        $"The crop rule {options.Crop} requires the heart's position, but no labelled voxel was "
                        + "found; check the mask, or use the crop rule Centre or Whole.");
                }

                var (min, max) = box.IndexRange(oriented);
                (centreX, centreY) = ((min.X + max.X) / 2, (min.Y + max.Y) / 2);
                var margin = options.ZMarginMm / oriented.SpacingMm.Z;
                firstSlice = Math.Max(0, (int)Math.Ceiling(min.Z - margin - Epsilon));
                lastSlice = Math.Min(size.Z - 1, (int)Math.Floor(max.Z + margin + Epsilon));
                if (firstSlice > lastSlice)
                {
                    throw new UserErrorException(
                        $"The heart was located at slices {min.Z:f0} to {max.Z:f0}, but the volume has {size.Z} slices; "
                        + "image and mask do not belong together.");
                }

                break;
            case CropRule.Whole:
                width = Cover(size.X * oriented.SpacingMm.X);
                height = Cover(size.Y * oriented.SpacingMm.Y);
                break;
        }

        var spacing = options.InPlaneSpacingMm;
        var firstX = Math.Round(centreX - ((width - 1) / 2.0 * spacing / oriented.SpacingMm.X));
        var firstY = Math.Round(centreY - ((height - 1) / 2.0 * spacing / oriented.SpacingMm.Y));
        return new(
            new(width, height, lastSlice - firstSlice + 1),
            new(spacing, spacing, oriented.SpacingMm.Z),
            oriented.ToPoint(new(firstX, firstY, firstSlice)),
            oriented.Direction);

        int Cover(double extentMm)
        {
            var pixels = (int)Math.Ceiling((extentMm / options.InPlaneSpacingMm) - Epsilon);
            return (pixels + sizeMultiple - 1) / sizeMultiple * sizeMultiple;
        }
    }
}
