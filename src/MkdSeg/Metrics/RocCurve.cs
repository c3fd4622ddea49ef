namespace MkdSeg.Metrics;

/// <summary>Measures how well a number that is high for good cases separates them from bad ones.</summary>
internal sealed class RocCurve
{
    private readonly (double Value, bool IsBad)[] _cases;

    /// <param name="cases">The number of each case, and whether it is bad.</param>
    public RocCurve(IEnumerable<(double Value, bool IsBad)> cases)
    {
        _cases = [.. cases];
        BadCount = _cases.Count(item => item.IsBad);
    }

    public int Count => _cases.Length;
    public int BadCount { get; }

    /// <summary>
    /// The area under the curve: the probability that a good case has a higher number than a bad one, with ties counted as
    /// half (the Mann–Whitney statistic). NaN if all cases are good or all are bad.
    /// </summary>
    public double Area
    {
        get
        {
            var sum = 0.0;
            foreach (var (bad, _) in _cases.Where(item => item.IsBad))
            {
                foreach (var (good, _) in _cases.Where(item => !item.IsBad))
                    sum += good > bad ? 1 : good == bad ? 0.5 : 0;
            }

            return sum / ((double)BadCount * (Count - BadCount));
        }
    }

    /// <summary>Counts the bad and the good cases below a threshold.</summary>
    public (int Bad, int Good) Below(double threshold)
    {
        var below = _cases.Where(item => item.Value < threshold).ToArray();
        var bad = below.Count(item => item.IsBad);
        return (bad, below.Length - bad);
    }

    /// <summary>
    /// Returns the threshold with the highest sensitivity plus specificity (Youden's index), halfway between two observed
    /// numbers.
    /// </summary>
    public double BestThreshold()
    {
        double[] values = [.. _cases.Select(item => item.Value).Distinct().Order()];
        return values.Zip(values.Skip(1), (lower, upper) => (lower + upper) / 2).MaxBy(threshold =>
        {
            var (bad, good) = Below(threshold);
            return ((double)bad / BadCount) - ((double)good / (Count - BadCount));
        });
    }
}
