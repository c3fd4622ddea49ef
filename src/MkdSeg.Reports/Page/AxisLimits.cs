namespace MkdSeg.Reports.Page;

/// <summary>Limits of a chart's axis that keep outliers from flattening the curves; null: the limits of the values.</summary>
internal sealed record AxisLimits(double? Lower, double? Upper, int Outside)
{
    private const int Percentile = 1;
    private const int FewestValues = 20;

    // As a fraction of the trimmed range, on each side.
    private const double Margin = 0.05;

    /// <summary>Trims to the curves' 1st and 99th percentiles where the axis would otherwise be twice as long.</summary>
    public static AxisLimits Of(CurveGroup group)
    {
        Func<double, double> scale = group.IsLogarithmic ? Math.Log : value => value;
        Func<double, double> back = group.IsLogarithmic ? Math.Exp : value => value;
        double[][] curves =
        [
            .. group.Curves.Select(curve => curve.Values.Where(double.IsFinite).Select(scale).Order().ToArray())
                .Where(values => values.Length > 0),
        ];
        if (curves.Length == 0)
            return new(null, null, 0);
        var lower = curves.Min(values => values[Trimmed(values)]);
        var upper = curves.Max(values => values[^(1 + Trimmed(values))]);
        var width = upper - lower;
        double? min = width > 0 && curves.Min(values => values[0]) < lower - width ? lower - (Margin * width) : null;
        double? max = width > 0 && curves.Max(values => values[^1]) > upper + width ? upper + (Margin * width) : null;
        return new(
            min is { } low ? back(low) : null,
            max is { } high ? back(high) : null,
            curves.Sum(values => values.Count(value => value < min || value > max)));
    }

    private static int Trimmed(double[] values) =>
        values.Length < FewestValues ? 0 : Math.Max(1, values.Length * Percentile / 100);
}
