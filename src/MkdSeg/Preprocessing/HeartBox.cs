using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>
/// Where the labelled organ lies: a box in LPS millimetres whose edges run along given axes, so that a box found on one
/// grid (a coarse pass) can be used on another.
/// </summary>
/// <param name="CentreMm">Centre, LPS mm.</param>
/// <param name="HalfSizeMm">Half the extent along each of the axes, mm; outer faces of the outermost voxels.</param>
/// <param name="Axes">The directions of the edges.</param>
public sealed record HeartBox(Vector3D CentreMm, Vector3D HalfSizeMm, Direction Axes)
{
    /// <summary>The box around all voxels that are not background; null where there are none.</summary>
    /// <param name="classes">Class indices.</param>
    /// <param name="largestComponentOnly">
    /// Whether only the largest connected part (voxels that share a face, classes not told apart) counts; for masks
    /// that a network made.
    /// </param>
    public static HeartBox? FromClasses(Volume<byte> classes, bool largestComponentOnly = false)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (largestComponentOnly)
            classes = ConnectedComponents.KeepLargest(classes);
        var size = classes.Grid.Size;
        var (minX, minY, minZ) = (size.X, size.Y, size.Z);
        var (maxX, maxY, maxZ) = (-1, -1, -1);
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                ReadOnlySpan<byte> row = classes.Slice(z).Slice(y * size.X, size.X);
                var left = row.IndexOfAnyExcept((byte)0);
                if (left < 0)
                    continue;
                minX = Math.Min(minX, left);
                maxX = Math.Max(maxX, row.LastIndexOfAnyExcept((byte)0));
                minY = Math.Min(minY, y);
                maxY = Math.Max(maxY, y);
                minZ = Math.Min(minZ, z);
                maxZ = z;
            }
        }

        if (maxX < 0)
            return null;
        var grid = classes.Grid;
        return new(
            grid.ToPoint(new((minX + maxX) / 2.0, (minY + maxY) / 2.0, (minZ + maxZ) / 2.0)),
            new(
                (maxX - minX + 1) / 2.0 * grid.SpacingMm.X,
                (maxY - minY + 1) / 2.0 * grid.SpacingMm.Y,
                (maxZ - minZ + 1) / 2.0 * grid.SpacingMm.Z),
            grid.Direction);
    }

    /// <summary>The box with a margin on every side.</summary>
    /// <param name="marginMm">The margin, mm.</param>
    public HeartBox Widened(double marginMm) =>
        this with { HalfSizeMm = HalfSizeMm + new Vector3D(marginMm, marginMm, marginMm) };

    /// <summary>
    /// The range of (fractional) voxel indices that the box covers on a grid: all corners lie within.
    /// </summary>
    public (Vector3D Min, Vector3D Max) IndexRange(Grid grid)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var min = new Vector3D(double.MaxValue, double.MaxValue, double.MaxValue);
        var max = default(Vector3D) - min;
        for (var corner = 0; corner < 8; corner++)
        {
            var index = grid.ToIndex(
                CentreMm
                + (Axes.AxisX * ((corner & 1) == 0 ? HalfSizeMm.X : -HalfSizeMm.X))
                + (Axes.AxisY * ((corner & 2) == 0 ? HalfSizeMm.Y : -HalfSizeMm.Y))
                + (Axes.AxisZ * ((corner & 4) == 0 ? HalfSizeMm.Z : -HalfSizeMm.Z)));
            min = new(Math.Min(min.X, index.X), Math.Min(min.Y, index.Y), Math.Min(min.Z, index.Z));
            max = new(Math.Max(max.X, index.X), Math.Max(max.Y, index.Y), Math.Max(max.Z, index.Z));
        }

        return (min, max);
    }
}
