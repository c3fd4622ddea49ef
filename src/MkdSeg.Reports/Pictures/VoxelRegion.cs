using MkdSeg.Volumes;

namespace MkdSeg.Reports.Pictures;

/// <summary>A box of voxels: from the first index up to, not including, the end.</summary>
internal readonly record struct VoxelRegion((int X, int Y, int Z) First, (int X, int Y, int Z) End)
{
    public GridSize Size => new(End.X - First.X, End.Y - First.Y, End.Z - First.Z);

    /// <summary>The box around all labelled voxels of masks on one grid and a margin; null where no mask has any.</summary>
    public static VoxelRegion? Around(IReadOnlyList<Volume<byte>> masks, double marginMm)
    {
        var size = masks[0].Grid.Size;
        int[] min = [int.MaxValue, int.MaxValue, int.MaxValue];
        int[] max = [-1, -1, -1];
        foreach (var mask in masks)
        {
            for (var z = 0; z < size.Z; z++)
            {
                var slice = mask.Slice(z);
                for (var y = 0; y < size.Y; y++)
                {
                    var row = slice.Slice(y * size.X, size.X);
                    var first = row.IndexOfAnyExcept((byte)0);
                    if (first < 0)
                        continue;
                    (min[0], max[0]) = (Math.Min(min[0], first), Math.Max(max[0], row.LastIndexOfAnyExcept((byte)0)));
                    (min[1], max[1]) = (Math.Min(min[1], y), Math.Max(max[1], y));
                    (min[2], max[2]) = (Math.Min(min[2], z), Math.Max(max[2], z));
                }
            }
        }

        if (max[0] < 0)
            return null;
        var spacing = masks[0].Grid.SpacingMm;
        int First(int axis) => Math.Max(0, min[axis] - Margin(axis));
        int End(int axis) => Math.Min(size[axis], max[axis] + 1 + Margin(axis));
        int Margin(int axis) => (int)Math.Ceiling(marginMm / spacing[axis]);
        return new((First(0), First(1), First(2)), (End(0), End(1), End(2)));
    }

    /// <summary>The voxels of the box, as a volume of its own at the same place in the patient.</summary>
    public Volume<T> Cut<T>(Volume<T> volume)
        where T : unmanaged
    {
        var grid = volume.Grid;
        var cut = new Volume<T>(new(
            Size, grid.SpacingMm, grid.ToPoint(new(First.X, First.Y, First.Z)), grid.Direction));
        for (var z = 0; z < Size.Z; z++)
        {
            for (var y = 0; y < Size.Y; y++)
            {
                volume.Slice(First.Z + z).Slice(First.X + ((First.Y + y) * grid.Size.X), Size.X)
                    .CopyTo(cut.Slice(z)[(y * Size.X)..]);
            }
        }

        return cut;
    }
}
