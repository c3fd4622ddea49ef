using System.Numerics;
using System.Runtime.InteropServices;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Ensembling;

/// <summary>Combines the probabilities of several segmentors.</summary>
public static class Ensemble
{
    /// <summary>The weighted mean; always summed in the given order, so the same input gives the same bits.</summary>
    /// <param name="probabilities">One or more volumes on the same grid with the same classes.</param>
    /// <param name="weights">One weight for each, at least 0 and not all 0; null for equal weights.</param>
    /// <returns>A new volume, or the given one where there is only one.</returns>
    /// <exception cref="ArgumentException">Grids or classes differ, or the weights do not fit.</exception>
    public static ProbabilityVolume Average(
        IReadOnlyList<ProbabilityVolume> probabilities, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(probabilities);
        weights ??= [.. Enumerable.Repeat(1.0, probabilities.Count)];
        CheckWeights(weights, probabilities.Count);
        if (probabilities.Count == 1)
            return probabilities[0];
        RequireAlike(probabilities);
        var first = probabilities[0];
        var total = weights.Sum();
        var mean = new ProbabilityVolume(first.Grid, first.ClassCount, new float[first.Values.Length]);
        Parallel.For(0, first.Grid.Size.Z, z =>
        {
            for (var i = 0; i < probabilities.Count; i++)
                Add(probabilities[i].Slice(z), (float)(weights[i] / total), mean.Slice(z));
        });
        return mean;
    }

    /// <summary>
    /// The class with the greatest sum of weights in every voxel; of equal sums, the class that the first of the masks has.
    /// </summary>
    /// <param name="masks">One or more masks on the same grid.</param>
    /// <param name="weights">One weight for each, at least 0 and not all 0; null for equal weights.</param>
    /// <returns>A new mask, or the given one where there is only one.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or the weights do not fit.</exception>
    public static Volume<byte> Vote(IReadOnlyList<Volume<byte>> masks, IReadOnlyList<double>? weights = null)
    {
        ArgumentNullException.ThrowIfNull(masks);
        weights ??= [.. Enumerable.Repeat(1.0, masks.Count)];
        CheckWeights(weights, masks.Count);
        if (masks.Count == 1)
            return masks[0];
        foreach (var other in masks)
        {
            if (other.Grid.Size != masks[0].Grid.Size)
            {
                throw new ArgumentException(
                    $"Masks of {masks[0].Grid.Size} and {other.Grid.Size} voxels cannot vote together.", nameof(masks));
            }
        }

        var winners = new Volume<byte>(masks[0].Grid);
        Parallel.For(0, winners.Grid.Size.Z, z =>
        {
            var start = z * winners.Grid.Size.SliceLength;
            for (var i = start; i < start + winners.Grid.Size.SliceLength; i++)
                winners.Voxels[i] = Winner(masks, weights, i);
        });
        return winners;
    }

    private static byte Winner(IReadOnlyList<Volume<byte>> masks, IReadOnlyList<double> weights, int voxel)
    {
        byte winner = 0;
        var most = -1.0;
        for (var i = 0; i < masks.Count; i++)
        {
            var candidate = masks[i].Voxels[voxel];
            var sum = 0.0;
            for (var j = 0; j < masks.Count; j++)
            {
                if (masks[j].Voxels[voxel] == candidate)
                    sum += weights[j];
            }

            if (sum > most)
                (winner, most) = (candidate, sum);
        }

        return winner;
    }

    /// <summary>Refuses probabilities on different grids or of different classes.</summary>
    internal static void RequireAlike(IReadOnlyList<ProbabilityVolume> probabilities)
    {
        var first = probabilities[0];
        foreach (var other in probabilities)
        {
            if (other.Grid.Size != first.Grid.Size || other.ClassCount != first.ClassCount)
            {
                throw new ArgumentException(
                    $"Probabilities of {first.Grid.Size} voxels and {first.ClassCount} classes cannot be combined with "
                    + $"{other.Grid.Size} voxels and {other.ClassCount} classes.",
                    nameof(probabilities));
            }
        }
    }

    /// <summary>Refuses weights that make no mean.</summary>
    internal static void CheckWeights(IReadOnlyList<double> weights, int count)
    {
        if (count == 0 || weights.Count != count)
            throw new ArgumentException($"{weights.Count} weights were given for {count} probabilities to average.");
        if (weights.Any(weight => !(weight >= 0) || !double.IsFinite(weight)) || !(weights.Sum() > 0))
        {
            throw new ArgumentException(
                $"The weights are {string.Join(", ", weights)}; they must be finite, at least 0 and not all 0.");
        }
    }

    /// <summary>sum += weight · values.</summary>
    internal static void Add(ReadOnlySpan<float> values, float weight, Span<float> sum)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(values);
        var to = MemoryMarshal.Cast<float, Vector<float>>(sum[..values.Length]);
        for (var i = 0; i < from.Length; i++)
            to[i] += from[i] * weight;
        for (var i = from.Length * Vector<float>.Count; i < values.Length; i++)
            sum[i] += values[i] * weight;
    }
}
