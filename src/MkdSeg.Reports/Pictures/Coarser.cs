namespace MkdSeg.Reports.Pictures;

/// <summary>Downsamples volumes by integer factors, to keep the page small.</summary>
internal static class Coarser
{
    /// <summary>Returns the mean of each block of voxels; incomplete blocks at the far ends are dropped.</summary>
    public static Volume<float> Mean(Volume<float> volume, (int X, int Y, int Z) factor)
    {
        var result = new Volume<float>(Grid(volume.Grid, factor));
        var size = result.Grid.Size;
        var scale = 1f / (factor.X * factor.Y * factor.Z);
        for (var z = 0; z < size.Z * factor.Z; z++)
        {
            for (var y = 0; y < size.Y * factor.Y; y++)
            {
                var from = volume.Slice(z).Slice(y * volume.Grid.Size.X, size.X * factor.X);
                var to = result.Slice(z / factor.Z).Slice(y / factor.Y * size.X, size.X);
                for (var x = 0; x < from.Length; x++)
                    to[x / factor.X] += from[x] * scale;
            }
        }

        return result;
    }

    /// <summary>Returns the class in the middle of each block of voxels.</summary>
    public static Volume<byte> Middle(Volume<byte> volume, (int X, int Y, int Z) factor)
    {
        var result = new Volume<byte>(Grid(volume.Grid, factor));
        var size = result.Grid.Size;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    result[x, y, z] = volume[
                        (x * factor.X) + (factor.X / 2), (y * factor.Y) + (factor.Y / 2), (z * factor.Z) + (factor.Z / 2)];
                }
            }
        }

        return result;
    }

    /// <summary>Returns the factors that reduce a volume to a number of voxels; the finest axis is downsampled first.</summary>
    public static (int X, int Y, int Z) FactorFor(Grid grid, long voxels)
    {
        int[] factor = [1, 1, 1];
        while (grid.Size.VoxelCount / (factor[0] * factor[1] * factor[2]) > voxels)
            factor[Enumerable.Range(0, 3).MinBy(axis => grid.SpacingMm[axis] * factor[axis])]++;
        return (factor[0], factor[1], factor[2]);
    }

    private static Grid Grid(Grid grid, (int X, int Y, int Z) factor) => new(
        new(
            Math.Max(1, grid.Size.X / factor.X),
            Math.Max(1, grid.Size.Y / factor.Y),
            Math.Max(1, grid.Size.Z / factor.Z)),
        new(grid.SpacingMm.X * factor.X, grid.SpacingMm.Y * factor.Y, grid.SpacingMm.Z * factor.Z),
        grid.ToPoint(new((factor.X - 1) / 2.0, (factor.Y - 1) / 2.0, (factor.Z - 1) / 2.0)),
        grid.Direction);
}
