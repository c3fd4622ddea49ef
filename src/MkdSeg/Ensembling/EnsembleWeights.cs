using MkdSeg.Common;
namespace MkdSeg.Ensembling;

/// <summary>A weight for each of several segmentors.</summary>
internal sealed record EnsembleWeights(double[] Values)
{
    /// <summary>The weights a step was given, or equal ones.</summary>
    /// <exception cref="UserErrorException">Weights that make no mean.</exception>
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
