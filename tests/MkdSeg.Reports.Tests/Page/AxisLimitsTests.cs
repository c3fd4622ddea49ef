using MkdSeg.Reports.Page;

namespace MkdSeg.Reports.Tests.Page;

public class AxisLimitsTests
{
    private static readonly double[] Fall = [.. Enumerable.Range(0, 50).Select(i => 2 - (i / 49.0))];

    [Test]
    public void One_outlier_in_each_curve_lies_outside_of_the_axis()
    {
        var limits = AxisLimits.Of(Group(false, With(Fall, 10, 1e6), With(Fall, 40, -5000)));

        // Each curve without the value at each end: the first from 1.02 (50 values from 1 to 2) to 2, the second from 1.
        Assert.That(limits.Upper, Is.EqualTo(2 + 0.05).Within(1e-9));
        Assert.That(limits.Lower, Is.EqualTo(1 - 0.05).Within(1e-9));
        Assert.That(limits.Outside, Is.EqualTo(2));
    }

    [Test]
    public void A_logarithmic_axis_is_measured_in_decades()
    {
        // From 1 to 2, and one value far above. Twice 2 would be within reach of a linear axis only.
        var limits = AxisLimits.Of(Group(true, With(Fall, 10, 1000)));
        Assert.That(limits.Upper, Is.InRange(2, 2.1));
        Assert.That((limits.Lower, limits.Outside), Is.EqualTo(((double?)null, 1)));
    }

    [Test]
    public void Curves_without_outliers_and_short_ones_are_shown_whole()
    {
        var whole = new AxisLimits(null, null, 0);
        Assert.That(AxisLimits.Of(Group(false, Fall)), Is.EqualTo(whole));
        Assert.That(AxisLimits.Of(Group(false, With(Fall, 10, 2.5))), Is.EqualTo(whole), "Less than twice as long.");
        Assert.That(AxisLimits.Of(Group(false, [1, 2, 1000])), Is.EqualTo(whole), "Three points are no distribution.");
        Assert.That(AxisLimits.Of(Group(false, [double.NaN])), Is.EqualTo(whole));
    }

    private static double[] With(double[] values, int at, double value)
    {
        double[] changed = [.. values];
        changed[at] = value;
        return changed;
    }

    private static CurveGroup Group(bool isLogarithmic, params double[][] curves) => new(
        "losses",
        "loss",
        isLogarithmic,
        [.. Enumerable.Range(1, curves[0].Length).Select(i => (long)i)],
        [.. curves.Select((values, i) => new Curve($"L_{i}", values))]);
}
