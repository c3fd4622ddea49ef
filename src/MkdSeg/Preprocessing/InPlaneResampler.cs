namespace MkdSeg.Preprocessing;

/// <summary>Resamples slices onto a grid with the same axes and slice positions, using <see cref="AxisWeights"/>.</summary>
internal static class InPlaneResampler
{
    public static Volume<float> Resample(Volume<float> volume, Grid frame, float outside)
    {
        var orientation = Orientation.Of(frame);
        var flips = AxisFlips.Between(Orientation.Of(volume.Grid), orientation);
        var source = flips is null ? Orientation.Reorient(volume, orientation) : volume;
        var (alignment, columns, rows) = Weights(Orientation.Reorient(volume.Grid, orientation), frame);
        var result = new Volume<float>(frame);
        var (firstRow, endRow) = rows.Range();
        var size = source.Grid.Size;
        var turn = flips is { KeepSlices: false };
        Parallel.For(
            0,
            frame.Size.Z,
            () => (
                Narrowed: new float[(endRow - firstRow) * frame.Size.X],
                Turned: turn ? new float[size.SliceLength] : []),
            (z, _, buffers) =>
            {
                var from = z + alignment.FirstZ;
                if (from < 0 || from >= size.Z)
                {
                    result.Slice(z).Fill(outside);
                    return buffers;
                }

                var slice = source.Slice(flips?.Slice(from, size.Z) ?? from);
                if (turn)
                {
                    flips!.Value.Copy<float>(slice, buffers.Turned, size.X);
                    slice = buffers.Turned;
                }

                ResampleSlice(slice, size.X, columns, rows, buffers.Narrowed, result.Slice(z), outside);
                return buffers;
            },
            _ => { });
        return result;
    }

    /// <summary>Selects the class with the greatest sum of weights, the lower index in a tie; background outside.</summary>
    public static Volume<byte> Resample(Volume<byte> oriented, Grid frame)
    {
        var (alignment, columns, rows) = Weights(oriented.Grid, frame);
        var result = new Volume<byte>(frame);
        Parallel.For(0, frame.Size.Z, z =>
        {
            var from = z + alignment.FirstZ;
            if (from >= 0 && from < oriented.Grid.Size.Z)
                Vote(oriented.Slice(from), oriented.Grid.Size.X, columns, rows, result.Slice(z));
        });
        return result;
    }

    private static (GridAlignment Alignment, AxisWeights Columns, AxisWeights Rows) Weights(Grid oriented, Grid frame)
    {
        var alignment = GridAlignment.Of(frame, oriented);
        return (
            alignment,
            new(oriented.Size.X, frame.Size.X, alignment.FirstX, alignment.StepX),
            new(oriented.Size.Y, frame.Size.Y, alignment.FirstY, alignment.StepY));
    }

    private static void ResampleSlice(
        ReadOnlySpan<float> source,
        int inputWidth,
        AxisWeights columns,
        AxisWeights rows,
        float[] narrowed,
        Span<float> result,
        float outside)
    {
        var (firstRow, endRow) = rows.Range();
        var width = columns.Length;
        for (var y = firstRow; y < endRow; y++)
        {
            var input = source.Slice(y * inputWidth, inputWidth);
            var output = narrowed.AsSpan((y - firstRow) * width, width);
            for (var x = 0; x < width; x++)
            {
                var weights = columns.At(x);
                var taps = input.Slice(columns.First(x), weights.Length);
                var sum = 0f;
                for (var i = 0; i < weights.Length; i++)
                    sum += weights[i] * taps[i];
                output[x] = sum;
            }
        }

        for (var y = 0; y < rows.Length; y++)
        {
            var output = result.Slice(y * width, width);
            var weights = rows.At(y);
            if (weights.IsEmpty)
            {
                output.Fill(outside);
                continue;
            }

            output.Clear();
            for (var i = 0; i < weights.Length; i++)
            {
                var input = narrowed.AsSpan((rows.First(y) + i - firstRow) * width, width);
                var weight = weights[i];
                for (var x = 0; x < width; x++)
                    output[x] += weight * input[x];
            }

            for (var x = 0; x < width; x++)
            {
                if (columns.At(x).IsEmpty)
                    output[x] = outside;
            }
        }
    }

    private static void Vote(
        ReadOnlySpan<byte> source, int inputWidth, AxisWeights columns, AxisWeights rows, Span<byte> result)
    {
        Span<float> votes = stackalloc float[256];
        votes.Clear();
        for (var y = 0; y < rows.Length; y++)
        {
            var rowWeights = rows.At(y);
            for (var x = 0; x < columns.Length; x++)
            {
                var columnWeights = columns.At(x);
                if (rowWeights.IsEmpty || columnWeights.IsEmpty)
                    continue;
                var start = (rows.First(y) * inputWidth) + columns.First(x);
                var highest = 0;
                for (var j = 0; j < rowWeights.Length; j++)
                {
                    var taps = source.Slice(start + (j * inputWidth), columnWeights.Length);
                    for (var i = 0; i < taps.Length; i++)
                    {
                        votes[taps[i]] += rowWeights[j] * columnWeights[i];
                        highest = Math.Max(highest, taps[i]);
                    }
                }

                var best = 0;
                for (var c = 1; c <= highest; c++)
                {
                    if (votes[c] > votes[best])
                        best = c;
                }

                votes[..(highest + 1)].Clear();
                result[(y * columns.Length) + x] = (byte)best;
            }
        }
    }
}
