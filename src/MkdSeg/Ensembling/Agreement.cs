using System.Numerics;
using System.Runtime.InteropServices;
using MkdSeg.Metrics;

namespace MkdSeg.Ensembling;

/// <summary>Measures how well several segmentors agree, without an annotation.</summary>
internal static class Agreement
{
    /// <summary>Returns the Dice of every structure, averaged over the mask pairs in which at least one contains it.</summary>
    public static double[] PerStructure(IReadOnlyList<Volume<byte>> masks, int classCount)
    {
        RequireTwo(masks.Count);
        var (sums, counts) = (new double[classCount - 1], new int[classCount - 1]);
        foreach (var (a, b) in Pairs(masks.Count))
        {
            var dice = Dice.PerStructure(masks[a], masks[b], classCount);
            for (var i = 0; i < dice.Length; i++)
            {
                if (double.IsNaN(dice[i]))
                    continue;
                sums[i] += dice[i];
                counts[i]++;
            }
        }

        // 0 / 0 gives NaN for a structure that is in no mask.
        return [.. sums.Zip(counts, (sum, count) => sum / count)];
    }

    /// <summary>Adds a slice's total variation distance, averaged over all pairs; 0 where all agree.</summary>
    internal static void AddDisagreement(int count, Func<int, Span<float>> probabilities, Span<float> map)
    {
        var scale = 0.5f / (count * (count - 1) / 2);
        foreach (var (a, b) in Pairs(count))
        {
            ReadOnlySpan<float> p = probabilities(a), q = probabilities(b);
            for (var start = 0; start < p.Length; start += map.Length)
                AddDifference(p.Slice(start, map.Length), q.Slice(start, map.Length), scale, map);
        }
    }

    private static IEnumerable<(int First, int Second)> Pairs(int count) =>
        from a in Enumerable.Range(0, count)
        from b in Enumerable.Range(a + 1, count - a - 1)
        select (a, b);

    private static void RequireTwo(int count)
    {
        if (count < 2)
            throw new ArgumentException($"Agreement requires at least two segmentors; {count} were given.");
    }

    /// <summary>sum += scale · |p - q|.</summary>
    private static void AddDifference(ReadOnlySpan<float> p, ReadOnlySpan<float> q, float scale, Span<float> sum)
    {
        var left = MemoryMarshal.Cast<float, Vector<float>>(p);
        var right = MemoryMarshal.Cast<float, Vector<float>>(q);
        var to = MemoryMarshal.Cast<float, Vector<float>>(sum);
        for (var i = 0; i < left.Length; i++)
            to[i] += Vector.Abs(left[i] - right[i]) * scale;
        for (var i = left.Length * Vector<float>.Count; i < p.Length; i++)
            sum[i] += Math.Abs(p[i] - q[i]) * scale;
    }
}
