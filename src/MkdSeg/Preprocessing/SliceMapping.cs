namespace MkdSeg.Preprocessing;

/// <summary>
/// Maps a reoriented volume's voxels to positions between the network grid's pixels; voxels outside are left unchanged.
/// </summary>
internal sealed class SliceMapping
{
    private const double SnapTolerance = 1e-5;
    private readonly int _width;
    private readonly Neighbours[] _columns;
    private readonly Neighbours[] _rows;

    /// <exception cref="ArgumentException">The two grids do not belong together.</exception>
    public SliceMapping(Grid networkGrid, Grid original)
    {
        Oriented = Orientation.Reorient(original, Orientation.Of(networkGrid));
        // Checks that the slices coincide; the second alignment gives the volume's voxel positions on the network grid.
        FirstSlice = GridAlignment.Of(networkGrid, Oriented).FirstZ;
        var alignment = GridAlignment.Of(Oriented, networkGrid);
        _width = networkGrid.Size.X;
        _columns = Along(Oriented.Size.X, networkGrid.Size.X, alignment.FirstX, alignment.StepX);
        _rows = Along(Oriented.Size.Y, networkGrid.Size.Y, alignment.FirstY, alignment.StepY);
    }

    /// <summary>The volume's grid in the network grid's orientation.</summary>
    public Grid Oriented { get; }

    /// <summary>The slice of <see cref="Oriented"/> that coincides with the network grid's first slice.</summary>
    public int FirstSlice { get; }

    /// <summary>Whether a slice of the network grid lies in the volume.</summary>
    public bool Contains(int slice) => slice + FirstSlice >= 0 && slice + FirstSlice < Oriented.Size.Z;

    /// <summary>Interpolates one value per pixel bilinearly.</summary>
    public void Interpolate(ReadOnlySpan<float> slice, Span<float> result)
    {
        for (var y = 0; y < _rows.Length; y++)
        {
            var row = _rows[y];
            if (!row.Inside)
                continue;
            var upper = slice.Slice(row.First * _width, _width);
            var lower = slice.Slice(row.Second * _width, _width);
            for (var x = 0; x < _columns.Length; x++)
            {
                var column = _columns[x];
                if (!column.Inside)
                    continue;
                var above = upper[column.First] + (column.Weight * (upper[column.Second] - upper[column.First]));
                var below = lower[column.First] + (column.Weight * (lower[column.Second] - lower[column.First]));
                result[(y * _columns.Length) + x] = above + (row.Weight * (below - above));
            }
        }
    }

    /// <summary>Finds the class with the highest bilinearly interpolated probability.</summary>
    public void InterpolateArgMax(ReadOnlySpan<float> slice, ReadOnlySpan<byte> best, Span<byte> result)
    {
        var length = best.Length;
        for (var y = 0; y < _rows.Length; y++)
        {
            var row = _rows[y];
            if (!row.Inside)
                continue;
            var (upper, lower) = (row.First * _width, row.Second * _width);
            for (var x = 0; x < _columns.Length; x++)
            {
                var column = _columns[x];
                if (!column.Inside)
                    continue;
                var (a, b, c, d) = (
                    upper + column.First, upper + column.Second, lower + column.First, lower + column.Second);
                var winner = best[a];
                if (best[b] != winner || best[c] != winner || best[d] != winner)
                {
                    // Another class can win only where the four neighbours differ.
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

                result[(y * _columns.Length) + x] = winner;
            }
        }
    }

    private static Neighbours[] Along(int voxels, int pixels, double first, double step)
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

    /// <summary>The two pixels on either side of a voxel along one axis, and the weight of the second.</summary>
    private readonly record struct Neighbours(int First, int Second, float Weight, bool Inside);
}
