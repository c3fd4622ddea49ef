using MkdSeg.Metrics;
using NUnit.Framework;

namespace MkdSeg.Tests.Metrics;

public sealed class RocCurveTests
{
    private static readonly (double, bool)[] Cases =
        [(0.2, true), (0.5, true), (0.6, true), (0.5, false), (0.7, false), (0.8, false), (0.9, false)];

    [Test]
    public void Area_is_the_share_of_pairs_in_the_right_order()
    {
        // 0.2: 4 of 4; 0.5: 3 and a tie; 0.6: 3 of 4.
        Assert.That(new RocCurve(Cases).Area, Is.EqualTo((4 + 3.5 + 3) / 12).Within(1e-12));
    }

    [Test]
    public void Area_is_one_for_a_perfect_number_and_a_half_for_one_that_knows_nothing()
    {
        Assert.That(new RocCurve([(0.1, true), (0.2, true), (0.3, false)]).Area, Is.EqualTo(1));
        Assert.That(new RocCurve([(0.3, true), (0.3, false), (0.3, false)]).Area, Is.EqualTo(0.5));
        Assert.That(new RocCurve([(0.3, true)]).Area, Is.NaN);
    }

    [Test]
    public void Best_threshold_has_the_most_of_sensitivity_and_specificity()
    {
        // Below .65: all 3 bad ones and 1 of 4 good ones, J = .75; below .35: 1 of 3, J = .33; below .55: J = .42.
        var curve = new RocCurve(Cases);
        Assert.That(curve.BestThreshold(), Is.EqualTo(0.65).Within(1e-12));
        Assert.That(curve.Below(0.65), Is.EqualTo((3, 1)));
    }
}
