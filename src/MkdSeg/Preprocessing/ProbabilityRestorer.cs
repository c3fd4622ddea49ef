using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>Brings probabilities back onto the grid of the volume as it was read.</summary>
public static class ProbabilityRestorer
{
    /// <summary>
    /// Interpolates the probability of one class bilinearly within each slice, as <see cref="MaskRestorer"/> does for
    /// masks; 0 outside the frame.
    /// </summary>
    /// <param name="probabilities">Probabilities on the network frame.</param>
    /// <param name="classIndex">The class.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <returns>Probabilities on the original grid.</returns>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public static Volume<float> Restore(ProbabilityVolume probabilities, int classIndex, Grid original)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentNullException.ThrowIfNull(original);
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, probabilities.ClassCount);
        var frame = probabilities.Grid;
        var oriented = Orientation.Reorient(original, Orientation.Of(frame));
        var slices = GridAlignment.Of(frame, oriented).FirstZ;
        var alignment = GridAlignment.Of(oriented, frame);
        var columns = Neighbours.Along(oriented.Size.X, frame.Size.X, alignment.FirstX, alignment.StepX);
        var rows = Neighbours.Along(oriented.Size.Y, frame.Size.Y, alignment.FirstY, alignment.StepY);
        var result = new Volume<float>(oriented);
        Parallel.For(Math.Max(0, slices), Math.Min(oriented.Size.Z, slices + frame.Size.Z), z => Interpolate(
            probabilities.Slice(z - slices).Slice(classIndex * frame.Size.SliceLength, frame.Size.SliceLength),
            frame.Size.X,
            columns,
            rows,
            result.Slice(z)));
        // The original grid itself rather than a copy with rounding of its own.
        return new(original, Orientation.Reorient(result, Orientation.Of(original)).Voxels);
    }

    private static void Interpolate(
        ReadOnlySpan<float> slice, int width, Neighbours[] columns, Neighbours[] rows, Span<float> result)
    {
        for (var y = 0; y < rows.Length; y++)
        {
            var row = rows[y];
            if (!row.Inside)
                continue;
            var upper = slice.Slice(row.First * width, width);
            var lower = slice.Slice(row.Second * width, width);
            for (var x = 0; x < columns.Length; x++)
            {
                var column = columns[x];
                if (!column.Inside)
                    continue;
                var above = upper[column.First] + (column.Weight * (upper[column.Second] - upper[column.First]));
                var below = lower[column.First] + (column.Weight * (lower[column.Second] - lower[column.First]));
                result[(y * columns.Length) + x] = above + (row.Weight * (below - above));
            }
        }
    }
}
