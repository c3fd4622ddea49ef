namespace MkdSeg.Experiments.Results;

/// <summary>A mean over runs.</summary>
/// <param name="Mean">The mean; NaN where there is no run.</param>
/// <param name="StandardDeviation">
/// That of a sample (n − 1 in the denominator); null for fewer than two runs, and for an infinite mean.
/// </param>
/// <param name="Count">Number of runs.</param>
public sealed record Statistic(double Mean, double? StandardDeviation, int Count)
{
    /// <summary>Mean and standard deviation; values that are NaN are left out.</summary>
    public static Statistic Of(IEnumerable<double> values)
    {
        double[] numbers = [.. values.Where(value => !double.IsNaN(value))];
        if (numbers.Length == 0)
            return new(double.NaN, null, 0);
        var mean = numbers.Average();
        var deviation = numbers.Length < 2 || !double.IsFinite(mean)
            ? (double?)null
            : Math.Sqrt(numbers.Sum(value => (value - mean) * (value - mean)) / (numbers.Length - 1));
        return new(mean, deviation, numbers.Length);
    }
}
