using System.Buffers;
using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>
/// A mask on the grid of a volume as it was read, in the making: slices of what a network found are added one by one, in any
/// order and from any thread, so that nobody needs to hold the probabilities of a whole volume.
/// </summary>
public sealed class MaskRestoration
{
    private readonly Grid _original;
    private readonly GridSize _frame;
    private readonly int _firstSlice;
    private readonly Neighbours[] _columns;
    private readonly Neighbours[] _rows;
    private readonly AxisFlips? _flips;
    private readonly Volume<byte> _mask;

    /// <summary>Begins a mask that is background everywhere.</summary>
    /// <param name="frame">The network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <exception cref="ArgumentException">The frame does not belong to the grid.</exception>
    public MaskRestoration(Grid frame, Grid original)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(original);
        var oriented = Orientation.Reorient(original, Orientation.Of(frame));
        (_original, _frame) = (original, frame.Size);
        // Checks that the slices coincide; the positions are then those of the volume's voxels on the frame.
        _firstSlice = GridAlignment.Of(frame, oriented).FirstZ;
        var alignment = GridAlignment.Of(oriented, frame);
        _columns = Neighbours.Along(oriented.Size.X, _frame.X, alignment.FirstX, alignment.StepX);
        _rows = Neighbours.Along(oriented.Size.Y, _frame.Y, alignment.FirstY, alignment.StepY);
        // Where axes are exchanged, the mask is made in the frame's orientation first.
        _flips = AxisFlips.Between(Orientation.Of(frame), Orientation.Of(original));
        _mask = new(_flips is null ? oriented : original);
    }

    /// <summary>Interpolates the probabilities of a slice bilinearly and takes the most probable class.</summary>
    /// <param name="slice">The slice of the frame; one that lies outside the volume is passed over.</param>
    /// <param name="probabilities">(C, Y, X) on the frame.</param>
    /// <param name="classCount">Number of classes with background.</param>
    public void AddProbabilities(int slice, ReadOnlySpan<float> probabilities, int classCount)
    {
        if (!IsInside(slice))
            return;
        var best = ArrayPool<byte>.Shared.Rent(_frame.SliceLength);
        var classes = best.AsSpan(0, _frame.SliceLength);
        ProbabilityVolume.ArgMax(probabilities, classCount, classes);
        var result = BeginSlice(slice, out var buffer);
        Interpolate(probabilities, classes, _frame.X, _columns, _rows, result);
        EndSlice(slice, result, buffer);
        ArrayPool<byte>.Shared.Return(best);
    }

    /// <summary>Gives every voxel of a slice the class of the nearest pixel.</summary>
    /// <param name="slice">The slice of the frame; one that lies outside the volume is passed over.</param>
    /// <param name="classes">Class indices (Y, X) on the frame.</param>
    public void AddClasses(int slice, ReadOnlySpan<byte> classes)
    {
        if (!IsInside(slice))
            return;
        var result = BeginSlice(slice, out var buffer);
        for (var y = 0; y < _rows.Length; y++)
        {
            if (!_rows[y].Inside)
                continue;
            var row = classes.Slice(_rows[y].Nearest * _frame.X, _frame.X);
            for (var x = 0; x < _columns.Length; x++)
            {
                if (_columns[x].Inside)
                    result[(y * _columns.Length) + x] = row[_columns[x].Nearest];
            }
        }

        EndSlice(slice, result, buffer);
    }

    /// <summary>The mask of what was added, class indices on the original grid.</summary>
    // The original grid itself rather than a copy with rounding of its own.
    public Volume<byte> Finish() => _flips is not null
        ? _mask
        : new(_original, Orientation.Reorient(_mask, Orientation.Of(_original)).Voxels);

    private bool IsInside(int slice) => slice + _firstSlice >= 0 && slice + _firstSlice < _mask.Grid.Size.Z;

    /// <summary>Where to write a slice in the frame's orientation: into the mask, or a cleared buffer.</summary>
    private Span<byte> BeginSlice(int slice, out byte[]? buffer)
    {
        if (_flips is not { KeepSlices: false })
        {
            buffer = null;
            return InMask(slice);
        }

        var length = _mask.Grid.Size.SliceLength;
        buffer = ArrayPool<byte>.Shared.Rent(length);
        var result = buffer.AsSpan(0, length);
        result.Clear();
        return result;
    }

    /// <summary>Turns what was written to a buffer into the mask.</summary>
    private void EndSlice(int slice, ReadOnlySpan<byte> result, byte[]? buffer)
    {
        if (buffer is null)
            return;
        _flips!.Value.Copy(result, InMask(slice), _mask.Grid.Size.X);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private Span<byte> InMask(int slice)
    {
        var z = slice + _firstSlice;
        return _mask.Slice(_flips?.Slice(z, _mask.Grid.Size.Z) ?? z);
    }

    private static void Interpolate(
        ReadOnlySpan<float> slice, ReadOnlySpan<byte> best, int width, Neighbours[] columns, Neighbours[] rows, Span<byte> result)
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
}
