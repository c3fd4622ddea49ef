namespace MkdSeg.Preprocessing;

/// <summary>Resizes photographs (volumes whose slices are channels) to the networks' input size and back.</summary>
internal static class PhotographScaling
{
    /// <summary>Returns the width and height for a given shorter side, close to the photograph's aspect ratio.</summary>
    public static (int Width, int Height) Fit(GridSize size, int shorterSide, int multiple = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shorterSide, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(multiple, 1);
        var shorter = (shorterSide + multiple - 1) / multiple * multiple;
        var scale = (double)shorter / Math.Min(size.X, size.Y);
        return (Side(size.X), Side(size.Y));

        int Side(int pixels) => Math.Max(shorter, (int)Math.Round(pixels * scale / multiple) * multiple);
    }

    /// <summary>Resizes a photograph, averaging when it becomes smaller.</summary>
    public static Volume<float> Resize(Volume<float> photograph, int width, int height)
    {
        return InPlaneResampler.Resample(photograph, Frame(photograph.Grid, width, height), -1);
    }

    /// <summary>Resizes class indices, by majority.</summary>
    public static Volume<byte> Resize(Volume<byte> classes, int width, int height)
    {
        return InPlaneResampler.Resample(classes, Frame(classes.Grid, width, height));
    }

    private static Grid Frame(Grid grid, int width, int height)
    {
        var (stepX, stepY) = ((double)grid.Size.X / width, (double)grid.Size.Y / height);
        return new(
            new(width, height, grid.Size.Z),
            new(stepX * grid.SpacingMm.X, stepY * grid.SpacingMm.Y, grid.SpacingMm.Z),
            grid.ToPoint(new((stepX - 1) / 2, (stepY - 1) / 2, 0)),
            grid.Direction);
    }
}
