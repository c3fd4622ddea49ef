namespace MkdSeg.Volumes;

/// <summary>Number of voxels along x (fastest in memory), y and z (slices).</summary>
public readonly record struct GridSize(int X, int Y, int Z)
{
    /// <summary>Voxels in one slice.</summary>
    public int SliceLength => X * Y;

    /// <summary>Voxels in the whole grid.</summary>
    public long VoxelCount => (long)X * Y * Z;

    /// <summary>The size along axis 0 (x), 1 (y) or 2 (z).</summary>
    public int this[int axis] => axis switch
    {
        0 => X,
        1 => Y,
        2 => Z,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "The axis must be 0, 1 or 2."),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{X}×{Y}×{Z}";
}
