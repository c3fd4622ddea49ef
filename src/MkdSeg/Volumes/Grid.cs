namespace MkdSeg.Volumes;

/// <summary>
/// Where the voxels of a volume lie in the patient: size, spacing in millimetres, centre of the first voxel and axis
/// directions, all in LPS coordinates (x to the left, y to the back, z to the head).
/// </summary>
public sealed record Grid
{
    /// <summary>Creates a grid.</summary>
    /// <exception cref="ArgumentException">A size or spacing is not positive, or the direction is singular.</exception>
    public Grid(GridSize size, Vector3D spacingMm, Vector3D originMm, Direction direction)
    {
        ArgumentNullException.ThrowIfNull(direction);
        if (size.X <= 0 || size.Y <= 0 || size.Z <= 0)
            throw new ArgumentException($"A grid of {size} voxels was found; every size must be at least 1.", nameof(size));

        for (var axis = 0; axis < 3; axis++)
        {
            if (!(spacingMm[axis] > 0) || !double.IsFinite(spacingMm[axis]))
            {
                throw new ArgumentException(
                    $"A spacing of {spacingMm[axis]} mm was found on axis {"xyz"[axis]}; it must be positive and finite.",
                    nameof(spacingMm));
            }
        }

        if (!(Math.Abs(direction.Determinant) > 1e-3))
        {
            throw new ArgumentException(
                $"The axis directions are singular (determinant {direction.Determinant:g3}); three linearly "
                + "independent directions are expected.",
                nameof(direction));
        }

        Size = size;
        SpacingMm = spacingMm;
        OriginMm = originMm;
        Direction = direction;
    }

    /// <summary>Number of voxels (X, Y, Z); x is fastest in memory.</summary>
    public GridSize Size { get; }

    /// <summary>Distance between voxel centres along each voxel axis, mm.</summary>
    public Vector3D SpacingMm { get; }

    /// <summary>Centre of voxel (0, 0, 0), LPS mm.</summary>
    public Vector3D OriginMm { get; }

    /// <summary>Directions of the voxel axes in LPS.</summary>
    public Direction Direction { get; }

    /// <summary>Volume of one voxel in millilitres.</summary>
    public double VoxelMl => SpacingMm.X * SpacingMm.Y * SpacingMm.Z / 1000;

    /// <summary>Returns the LPS point, in mm, of a (fractional) voxel index.</summary>
    public Vector3D ToPoint(Vector3D index) =>
        OriginMm
        + (Direction.AxisX * (index.X * SpacingMm.X))
        + (Direction.AxisY * (index.Y * SpacingMm.Y))
        + (Direction.AxisZ * (index.Z * SpacingMm.Z));

    /// <summary>Returns the (fractional) voxel index of an LPS point in mm; directions need not be orthogonal.</summary>
    public Vector3D ToIndex(Vector3D pointMm)
    {
        var offset = pointMm - OriginMm;
        var determinant = Direction.Determinant;
        return new(
            offset.Dot(Direction.AxisY.Cross(Direction.AxisZ)) / determinant / SpacingMm.X,
            offset.Dot(Direction.AxisZ.Cross(Direction.AxisX)) / determinant / SpacingMm.Y,
            offset.Dot(Direction.AxisX.Cross(Direction.AxisY)) / determinant / SpacingMm.Z);
    }

    /// <summary>Returns the largest distance between the same voxel on this grid and on another of the same size, mm.</summary>
    internal double GreatestDistanceMm(Grid other)
    {
        var distance = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var index = new Vector3D(
                (corner & 1) * (Size.X - 1), ((corner >> 1) & 1) * (Size.Y - 1), (corner >> 2) * (Size.Z - 1));
            distance = Math.Max(distance, (ToPoint(index) - other.ToPoint(index)).Length);
        }

        return distance;
    }
}
