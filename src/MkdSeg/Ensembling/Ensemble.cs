using System.Numerics;
using System.Runtime.InteropServices;
using MkdSeg.Preprocessing;

namespace MkdSeg.Ensembling;

internal static class Ensemble
{
    /// <summary>Returns the weighted mean, summed in the given order so that the same input gives the same bits.</summary>
    public static ProbabilityVolume Average(
        IReadOnlyList<ProbabilityVolume> probabilities, IReadOnlyList<double>? weights = null)
    {
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

    /// <summary>Throws if probabilities differ in grid size or class count.</summary>
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

    /// <summary>Checks that weights are finite, not negative and not all 0.</summary>
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

/// <summary>A weight for each of several segmentors.</summary>
internal sealed record EnsembleWeights(double[] Values)
{
    /// <summary>Returns the given weights, or equal weights if there are none.</summary>
    public static EnsembleWeights Of(string step, IReadOnlyList<double>? weights, int count)
    {
        weights ??= [.. Enumerable.Repeat(1.0, count)];
        try
        {
            Ensemble.CheckWeights(weights, count);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"{step}: {error.Message}", error);
        }

        return new([.. weights]);
    }
}
