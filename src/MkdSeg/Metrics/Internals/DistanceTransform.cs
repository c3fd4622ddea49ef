using System.Buffers;

namespace MkdSeg.Metrics.Internals;

/// <summary>
/// Computes the exact squared Euclidean distance to a set of lattice points by lower envelopes of parabolas, axis by axis
/// (Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012).
/// </summary>
internal static class DistanceTransform
{
    /// <summary>Number of columns processed together, so that they share cache lines.</summary>
    private const int Tile = 16;

    /// <summary>Fills in the squared distance from every lattice point to the nearest member, mm².</summary>
    public static void Squared(
        bool[] isMember, byte[] codes, GridSize size, Vector3D spacingMm, double[] squaredMm)
    {
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                var start = (z * size.SliceLength) + (y * size.X);
                AlongRow(isMember, codes.AsSpan(start, size.X), spacingMm.X, squaredMm.AsSpan(start, size.X));
            }

            var slice = squaredMm.AsSpan(z * size.SliceLength, size.SliceLength);
            AlongColumns(slice, size.X, size.X, size.Y, spacingMm.Y);
        });
        Parallel.For(0, size.Y, y => AlongColumns(
            squaredMm.AsSpan(y * size.X, size.SliceLength * (size.Z - 1) + size.X),
            size.X,
            size.SliceLength,
            size.Z,
            spacingMm.Z));
    }

    private static void AlongRow(bool[] isMember, ReadOnlySpan<byte> codes, double spacing, Span<double> squared)
    {
        var nearest = double.PositiveInfinity;
        for (var x = 0; x < codes.Length; x++)
        {
            nearest = isMember[codes[x]] ? 0 : nearest + 1;
            squared[x] = nearest;
        }

        nearest = double.PositiveInfinity;
        for (var x = codes.Length - 1; x >= 0; x--)
        {
            nearest = isMember[codes[x]] ? 0 : nearest + 1;
            var distance = Math.Min(nearest, squared[x]) * spacing;
            squared[x] = distance * distance;
        }
    }

    /// <summary>Transforms neighbouring columns in place; value i of column c is at c + i·stride.</summary>
    private static void AlongColumns(Span<double> values, int columns, int stride, int length, double spacing)
    {
        var lines = ArrayPool<double>.Shared.Rent(length * Tile);
        var heights = ArrayPool<double>.Shared.Rent(length);
        var bounds = ArrayPool<double>.Shared.Rent(length);
        var apexes = ArrayPool<int>.Shared.Rent(length);
        for (var first = 0; first < columns; first += Tile)
        {
            var width = Math.Min(Tile, columns - first);
            for (var i = 0; i < length; i++)
            {
                for (var c = 0; c < width; c++)
                    lines[(c * length) + i] = values[first + c + (i * stride)];
            }

            for (var c = 0; c < width; c++)
                Envelope(lines.AsSpan(c * length, length), heights, bounds, apexes, spacing * spacing);
            for (var i = 0; i < length; i++)
            {
                for (var c = 0; c < width; c++)
                    values[first + c + (i * stride)] = lines[(c * length) + i];
            }
        }

        ArrayPool<double>.Shared.Return(lines);
        ArrayPool<double>.Shared.Return(heights);
        ArrayPool<double>.Shared.Return(bounds);
        ArrayPool<int>.Shared.Return(apexes);
    }

    /// <summary>Replaces f(i) with the minimum over j of f(j) + s² (i − j)².</summary>
    private static void Envelope(Span<double> f, double[] heights, double[] bounds, int[] apexes, double squaredSpacing)
    {
        // Parabola k of the envelope has its apex at apexes[k] and is the lowest from bounds[k] onwards.
        var count = 0;
        for (var j = 0; j < f.Length; j++)
        {
            if (double.IsPositiveInfinity(f[j]))
                continue;
            var bound = double.NegativeInfinity;
            for (; count > 0; count--)
            {
                var apex = apexes[count - 1];
                bound = (((f[j] - heights[count - 1]) / (squaredSpacing * (j - apex))) + j + apex) / 2;
                if (bound > bounds[count - 1])
                    break;
                bound = double.NegativeInfinity;
            }

            apexes[count] = j;
            heights[count] = f[j];
            bounds[count] = bound;
            count++;
        }

        for (var (i, k) = (0, 0); i < f.Length && count > 0; i++)
        {
            while (k + 1 < count && bounds[k + 1] < i)
                k++;
            double steps = i - apexes[k];
            f[i] = heights[k] + (squaredSpacing * steps * steps);
        }
    }
}
