namespace MkdSeg.Volumes;

/// <summary>The voxel count and bounding box of each class in one or two masks.</summary>
internal sealed class ClassExtents
{
    private readonly int[] _bounds = new int[256 * 6];

    /// <summary>Reads one mask, without an annotation.</summary>
    public ClassExtents(Volume<byte> mask)
    {
        for (var c = 0; c < 256; c++)
            _bounds.AsSpan((c * 6) + 0, 3).Fill(int.MaxValue);
        Read(mask, PredictedCounts);
    }

    public ClassExtents(Volume<byte> predicted, Volume<byte> reference)
        : this(predicted) => Read(reference, ReferenceCounts);

    /// <summary>Voxels of each class except background in the prediction.</summary>
    public long[] PredictedCounts { get; } = new long[256];

    /// <summary>Voxels of each class except background in the annotation.</summary>
    public long[] ReferenceCounts { get; } = new long[256];

    /// <summary>Returns the box around a class in both masks; empty if it has no voxels.</summary>
    public VoxelBox Box(int classIndex)
    {
        var b = _bounds.AsSpan(classIndex * 6, 6);
        return PredictedCounts[classIndex] + ReferenceCounts[classIndex] == 0
            ? default
            : new(b[0], b[1], b[2], b[3], b[4], b[5]);
    }

    /// <summary>The box around all classes except background; empty if there are none.</summary>
    public VoxelBox WholeBox => Enumerable.Range(1, 255).Aggregate(default(VoxelBox), (box, c) => box.Around(Box(c)));

    private void Read(Volume<byte> mask, long[] counts)
    {
        var size = mask.Grid.Size;
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = mask.Row(y, z);
                for (var x = row.IndexOfAnyExcept((byte)0); x >= 0 && x < row.Length;)
                {
                    var classIndex = row[x];
                    var length = row[x..].IndexOfAnyExcept(classIndex);
                    var end = length < 0 ? row.Length : x + length;
                    if (classIndex != 0)
                    {
                        counts[classIndex] += end - x;
                        Extend(_bounds.AsSpan(classIndex * 6, 6), x, end, y, z);
                    }

                    x = end;
                }
            }
        }
    }

    private static void Extend(Span<int> bounds, int x, int endX, int y, int z)
    {
        bounds[0] = Math.Min(bounds[0], x);
        bounds[1] = Math.Min(bounds[1], y);
        bounds[2] = Math.Min(bounds[2], z);
        bounds[3] = Math.Max(bounds[3], endX);
        bounds[4] = Math.Max(bounds[4], y + 1);
        bounds[5] = Math.Max(bounds[5], z + 1);
    }
}

/// <summary>The voxels from <c>Min</c> up to but excluding <c>End</c> on each axis.</summary>
internal readonly record struct VoxelBox(int MinX, int MinY, int MinZ, int EndX, int EndY, int EndZ)
{
    public GridSize Size => new(EndX - MinX, EndY - MinY, EndZ - MinZ);

    /// <summary>The midpoint between the outermost voxels' centres, as an index.</summary>
    public Vector3D Centre => new((MinX + EndX - 1) / 2.0, (MinY + EndY - 1) / 2.0, (MinZ + EndZ - 1) / 2.0);

    /// <summary>Number of voxel corners along each axis.</summary>
    public GridSize Corners => new(EndX - MinX + 1, EndY - MinY + 1, EndZ - MinZ + 1);

    /// <summary>Returns the smallest box around this and another box, either of which may be empty.</summary>
    public VoxelBox Around(VoxelBox other) => this == default ? other : other == default ? this : new(
        Math.Min(MinX, other.MinX), Math.Min(MinY, other.MinY), Math.Min(MinZ, other.MinZ),
        Math.Max(EndX, other.EndX), Math.Max(EndY, other.EndY), Math.Max(EndZ, other.EndZ));

    /// <summary>Returns the box with a margin on every side, clipped to the grid.</summary>
    public VoxelBox Widened(Grid grid, double marginMm)
    {
        var margin = Array.ConvertAll([0, 1, 2], axis => (int)Math.Ceiling(marginMm / grid.SpacingMm[axis]));
        return new(
            Math.Max(0, MinX - margin[0]), Math.Max(0, MinY - margin[1]), Math.Max(0, MinZ - margin[2]),
            Math.Min(grid.Size.X, EndX + margin[0]),
            Math.Min(grid.Size.Y, EndY + margin[1]),
            Math.Min(grid.Size.Z, EndZ + margin[2]));
    }

    /// <summary>Copies the voxels of the box into a separate volume at the same place in the patient.</summary>
    public Volume<T> Cut<T>(Volume<T> volume)
        where T : unmanaged
    {
        var grid = volume.Grid;
        var cut = new Volume<T>(new(Size, grid.SpacingMm, grid.ToPoint(new(MinX, MinY, MinZ)), grid.Direction));
        for (var z = 0; z < Size.Z; z++)
        {
            for (var y = 0; y < Size.Y; y++)
                volume.Row(MinY + y, MinZ + z)[MinX..EndX].CopyTo(cut.Row(y, z));
        }

        return cut;
    }
}
