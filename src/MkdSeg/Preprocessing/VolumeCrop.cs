using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>Cuts parts out of volumes; voxels keep their spacing and their place in the patient.</summary>
internal static class VolumeCrop
{
    /// <summary>Keeps a square of the given extent around the centre of every slice, at most the whole slice.</summary>
    public static Volume<float> AroundCentre(Volume<float> volume, double extentMm)
    {
        var grid = volume.Grid;
        var (width, height) = (Pixels(grid.Size.X, grid.SpacingMm.X), Pixels(grid.Size.Y, grid.SpacingMm.Y));
        return Cut(
            volume,
            ((grid.Size.X - width) / 2, (grid.Size.Y - height) / 2, 0),
            new(width, height, grid.Size.Z));

        int Pixels(int size, double spacingMm) => Math.Clamp((int)Math.Round(extentMm / spacingMm), 1, size);
    }

    /// <summary>Keeps a box with a margin on each side, as far as the volume reaches.</summary>
    /// <exception cref="UserErrorException">The box lies outside the volume.</exception>
    public static Volume<float> AroundBox(Volume<float> volume, HeartBox box, double marginMm)
    {
        var grid = volume.Grid;
        var (min, max) = box.IndexRange(grid);
        var first = new int[3];
        var size = new int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            // The box ends at voxels' outer faces: half a voxel beyond the centres that indices stand for.
            var margin = (marginMm / grid.SpacingMm[axis]) - 0.5;
            first[axis] = Math.Max(0, (int)Math.Round(min[axis] - margin));
            var last = Math.Min(grid.Size[axis] - 1, (int)Math.Round(max[axis] + margin));
            size[axis] = last - first[axis] + 1;
            if (size[axis] < 1)
            {
                throw new UserErrorException(
                    $"The box to crop to covers the voxels {min[axis]:f0} to {max[axis]:f0} on axis {"xyz"[axis]}, but "
                    + $"the volume has {grid.Size[axis]}; box and volume do not belong together.");
            }
        }

        return Cut(volume, (first[0], first[1], first[2]), new(size[0], size[1], size[2]));
    }

    private static Volume<float> Cut(Volume<float> volume, (int X, int Y, int Z) first, GridSize size)
    {
        var grid = volume.Grid;
        if (size == grid.Size)
            return volume;
        var result = new Volume<float>(
            new(size, grid.SpacingMm, grid.ToPoint(new(first.X, first.Y, first.Z)), grid.Direction));
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = volume.Slice(first.Z + z).Slice(first.X + (grid.Size.X * (first.Y + y)), size.X);
                row.CopyTo(result.Slice(z)[(y * size.X)..]);
            }
        }

        return result;
    }
}
