namespace MkdSeg.Preprocessing;

/// <summary>
/// The location of the labelled organ: a box in LPS millimetres with edges along given axes, so that a box found on one
/// grid (such as in a coarse pass) can be used on another.
/// </summary>
/// <param name="CentreMm">Centre, LPS mm.</param>
/// <param name="HalfSizeMm">Half the extent along each axis, mm, to the outer faces of the outermost voxels.</param>
/// <param name="Axes">The directions of the edges.</param>
public sealed record HeartBox(Vector3D CentreMm, Vector3D HalfSizeMm, Direction Axes)
{
    /// <summary>Returns the box around all foreground voxels; null if there are none.</summary>
    /// <param name="classes">Class indices.</param>
    /// <param name="largestComponentOnly">
    /// Whether to use only the largest connected component (voxels sharing a face, of any class); for predicted masks.
    /// </param>
    public static HeartBox? FromClasses(Volume<byte> classes, bool largestComponentOnly = false)
    {
        ArgumentNullException.ThrowIfNull(classes);
        if (largestComponentOnly)
            classes = ConnectedComponents.KeepLargest(classes);
        var box = new ClassExtents(classes).WholeBox;
        if (box == default)
            return null;
        var grid = classes.Grid;
        return new(
            grid.ToPoint(box.Centre),
            new(
                box.Size.X / 2.0 * grid.SpacingMm.X,
                box.Size.Y / 2.0 * grid.SpacingMm.Y,
                box.Size.Z / 2.0 * grid.SpacingMm.Z),
            grid.Direction);
    }

    /// <summary>Returns the box with a margin added on every side.</summary>
    /// <param name="marginMm">The margin, mm.</param>
    public HeartBox Widened(double marginMm) =>
        this with { HalfSizeMm = HalfSizeMm + new Vector3D(marginMm, marginMm, marginMm) };

    /// <summary>Returns the range of (fractional) voxel indices on a grid that contains all corners of the box.</summary>
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
