using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>Brings what networks found back onto the grid of the volume as it was read.</summary>
public static class MaskRestorer
{
    /// <summary>
    /// Interpolates class probabilities bilinearly within each slice and takes the most probable class (the lower index
    /// where two are equal); background outside the frame.
    /// </summary>
    /// <param name="probabilities">Probabilities on the network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <returns>Class indices on the original grid.</returns>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public static Volume<byte> Restore(ProbabilityVolume probabilities, Grid original)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        var frame = probabilities.Grid;
        return Restore(frame, original, (frameSlice, columns, rows, result) =>
        {
            var slice = probabilities.Slice(frameSlice);
            var best = new byte[frame.Size.SliceLength];
            ProbabilityVolume.ArgMax(slice, probabilities.ClassCount, best);
            Interpolate(slice, best, frame.Size.X, columns, rows, result);
        });
    }

    /// <summary>Gives every voxel the class of the nearest pixel of its slice; background outside the frame.</summary>
    /// <param name="classes">Class indices on the network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <returns>Class indices on the original grid.</returns>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public static Volume<byte> Restore(Volume<byte> classes, Grid original)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var frame = classes.Grid;
        return Restore(frame, original, (frameSlice, columns, rows, result) =>
        {
            var slice = classes.Slice(frameSlice);
            for (var y = 0; y < rows.Length; y++)
            {
                if (!rows[y].Inside)
                    continue;
                var row = slice.Slice(rows[y].Nearest * frame.Size.X, frame.Size.X);
                for (var x = 0; x < columns.Length; x++)
                {
                    if (columns[x].Inside)
                        result[(y * columns.Length) + x] = row[columns[x].Nearest];
                }
            }
        });
    }

    private delegate void SliceRestorer(int frameSlice, Neighbours[] columns, Neighbours[] rows, Span<byte> result);

    private static Volume<byte> Restore(Grid frame, Grid original, SliceRestorer restoreSlice)
    {
        ArgumentNullException.ThrowIfNull(original);
        var oriented = Orientation.Reorient(original, Orientation.Of(frame));
        // Checks that the slices coincide; the positions are then those of the volume's voxels on the frame.
        var slices = GridAlignment.Of(frame, oriented).FirstZ;
        var alignment = GridAlignment.Of(oriented, frame);
        var columns = Neighbours.Along(oriented.Size.X, frame.Size.X, alignment.FirstX, alignment.StepX);
        var rows = Neighbours.Along(oriented.Size.Y, frame.Size.Y, alignment.FirstY, alignment.StepY);
        var result = new Volume<byte>(oriented);
        Parallel.For(
            Math.Max(0, slices),
            Math.Min(oriented.Size.Z, slices + frame.Size.Z),
            z => restoreSlice(z - slices, columns, rows, result.Slice(z)));
        // The original grid itself rather than a copy with rounding of its own.
        return new(original, Orientation.Reorient(result, Orientation.Of(original)).Voxels);
    }

    private static void Interpolate(
        ReadOnlySpan<float> slice, byte[] best, int width, Neighbours[] columns, Neighbours[] rows, Span<byte> result)
    {
        var length = best.Length;
        for (var y = 0; y < rows.Length; y++)
        {
            var row = rows[y];
            if (!row.Inside)
                continue;
            var (upper, lower) = (row.First * width, row.Second * width);
            for (var x = 0; x < columns.Length; x++)
            {
                var column = columns[x];
                if (!column.Inside)
                    continue;
                var (a, b, c, d) = (
                    upper + column.First, upper + column.Second, lower + column.First, lower + column.Second);
                var winner = best[a];
                if (best[b] != winner || best[c] != winner || best[d] != winner)
                {
                    // Only where neighbours differ can another class win than all four agree on.
                    var (wd, wc) = (row.Weight * column.Weight, row.Weight * (1 - column.Weight));
                    var (wb, wa) = ((1 - row.Weight) * column.Weight, (1 - row.Weight) * (1 - column.Weight));
                    var highest = float.NegativeInfinity;
                    for (int k = 0, offset = 0; offset < slice.Length; k++, offset += length)
                    {
                        var p = (wa * slice[a + offset]) + (wb * slice[b + offset])
                            + (wc * slice[c + offset]) + (wd * slice[d + offset]);
                        if (p > highest)
                            (highest, winner) = (p, (byte)k);
                    }
                }

                result[(y * columns.Length) + x] = winner;
            }
        }
    }

    /// <summary>The two frame pixels beside a voxel along one axis, and the second one's weight.</summary>
    private readonly record struct Neighbours(int First, int Second, float Weight, bool Inside)
    {
        private const double SnapTolerance = 1e-5;

        public int Nearest => Weight < 0.5f ? First : Second;

        public static Neighbours[] Along(int voxels, int pixels, double first, double step)
        {
            var result = new Neighbours[voxels];
            for (var i = 0; i < voxels; i++)
            {
                var position = first + (i * step);
                if (position < -0.5 - SnapTolerance || position > pixels - 0.5 + SnapTolerance)
                    continue;
                position = Math.Clamp(position, 0, pixels - 1);
                var nearest = Math.Round(position);
                if (Math.Abs(position - nearest) < SnapTolerance)
                    position = nearest;
                var below = (int)Math.Floor(position);
                result[i] = new(below, Math.Min(below + 1, pixels - 1), (float)(position - below), true);
            }

            return result;
        }
    }
}
