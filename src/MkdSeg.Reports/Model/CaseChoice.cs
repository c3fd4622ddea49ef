namespace MkdSeg.Reports.Model;

/// <summary>Which cases are shown as pictures: the best, the one in the middle and the worst.</summary>
internal static class CaseChoice
{
    /// <summary>The cases in that order; fewer where there are fewer than three.</summary>
    /// <param name="cases">The cases that could be shown, with a value by which they are ordered; NaN comes last.</param>
    public static IReadOnlyList<(string CaseId, string Rank)> Of(IReadOnlyList<(string CaseId, double Value)> cases)
    {
        var ordered = cases.OrderByDescending(item => double.IsNaN(item.Value) ? double.NegativeInfinity : item.Value)
            .ThenBy(item => item.CaseId, StringComparer.Ordinal)
            .Select(item => item.CaseId)
            .ToList();
        return ordered.Count switch
        {
            0 => [],
            1 => [(ordered[0], "only case")],
            2 => [(ordered[0], "best"), (ordered[1], "worst")],
            _ => [(ordered[0], "best"), (ordered[ordered.Count / 2], "median"), (ordered[^1], "worst")],
        };
    }
}
