using System.Buffers;

namespace MkdSeg.Preprocessing;

/// <summary>
/// Resamples network output from the network grid to the grid of the volume as read; voxels outside the network grid
/// become background. Slices may be added individually, in any order and from any thread, so that the probabilities of a
/// whole volume need not be kept in memory.
/// </summary>
internal sealed class MaskResampler
{
    private readonly Grid _original;
    private readonly SliceMapping _mapping;
    private readonly AxisFlips? _flips;
    private readonly Volume<byte> _mask;

    /// <summary>Starts with a mask that is background everywhere.</summary>
    public MaskResampler(Grid networkGrid, Grid original)
    {
        _original = original;
        _mapping = new(networkGrid, original);
        // If axes are swapped, the mask is first built in the network grid's orientation.
        _flips = AxisFlips.Between(Orientation.Of(networkGrid), Orientation.Of(original));
        _mask = new(_flips is null ? _mapping.Oriented : original);
    }

    /// <summary>Interpolates bilinearly in each slice and selects the most probable class, the lower index in a tie.</summary>
    public static Volume<byte> Resample(ProbabilityVolume probabilities, Grid original)
    {
        var resampler = new MaskResampler(probabilities.Grid, original);
        Parallel.For(
            0,
            probabilities.Grid.Size.Z,
            z => resampler.AddProbabilities(z, probabilities.Slice(z), probabilities.ClassCount));
        return resampler.Finish();
    }

    /// <summary>Interpolates one class's probability bilinearly in each slice; 0 outside the network grid.</summary>
    public static Volume<float> ResampleProbability(ProbabilityVolume probabilities, int classIndex, Grid original)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(classIndex);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(classIndex, probabilities.ClassCount);
        var mapping = new SliceMapping(probabilities.Grid, original);
        var pixels = probabilities.Grid.Size.SliceLength;
        var result = new Volume<float>(mapping.Oriented);
        Parallel.For(0, probabilities.Grid.Size.Z, slice =>
        {
            if (mapping.Contains(slice))
            {
                mapping.Interpolate(
                    probabilities.Slice(slice).Slice(classIndex * pixels, pixels),
                    result.Slice(slice + mapping.FirstSlice));
            }
        });
        // The original grid itself, not a copy with its own rounding.
        return new(original, Orientation.Reorient(result, Orientation.Of(original)).Voxels);
    }

    /// <summary>Adds a slice: interpolates its probabilities bilinearly and selects the most probable class.</summary>
    public void AddProbabilities(int slice, ReadOnlySpan<float> probabilities, int classCount)
    {
        if (!_mapping.Contains(slice))
            return;
        var pixels = probabilities.Length / classCount;
        var best = ArrayPool<byte>.Shared.Rent(pixels);
        var classes = best.AsSpan(0, pixels);
        ProbabilityVolume.ArgMax(probabilities, classCount, classes);
        var result = BeginSlice(slice, out var buffer);
        _mapping.InterpolateArgMax(probabilities, classes, result);
        EndSlice(slice, result, buffer);
        ArrayPool<byte>.Shared.Return(best);
    }

    /// <summary>Returns the mask of the slices added so far: class indices on the original grid.</summary>
    public Volume<byte> Finish() => _flips is not null
        ? _mask
        : new(_original, Orientation.Reorient(_mask, Orientation.Of(_original)).Voxels);

    /// <summary>Returns where to write a slice in the network grid's orientation: the mask or a cleared buffer.</summary>
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

    /// <summary>Copies the buffer, if one was used, into the mask with its axes flipped.</summary>
    private void EndSlice(int slice, ReadOnlySpan<byte> result, byte[]? buffer)
    {
        if (buffer is null)
            return;
        _flips!.Value.Copy(result, InMask(slice), _mask.Grid.Size.X);
        ArrayPool<byte>.Shared.Return(buffer);
    }

    private Span<byte> InMask(int slice)
    {
        var z = slice + _mapping.FirstSlice;
        return _mask.Slice(_flips?.Slice(z, _mask.Grid.Size.Z) ?? z);
    }
}
