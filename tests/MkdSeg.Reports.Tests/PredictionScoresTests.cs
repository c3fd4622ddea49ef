using MkdSeg.Reports.Reading;

namespace MkdSeg.Reports.Tests;

public class PredictionScoresTests
{
    [Test]
    public void Deviation_is_that_of_a_sample()
    {
        // 0.5, 0.7, 0.9: squares of 0.2 twice, divided by 3 - 1.
        var scores = new PredictionScores("S", [new("a", [0.5]), new("b", [0.7]), new("c", [0.9]), new("d", [double.NaN])]);
        Assert.That(scores.StructureMean(0), Is.EqualTo(0.7).Within(1e-12));
        Assert.That(scores.StructureDeviation(0), Is.EqualTo(0.2).Within(1e-12));
    }

    [Test]
    public void A_single_case_has_no_deviation() =>
        Assert.That(new PredictionScores("S", [new("a", [0.5])]).StructureDeviation(0), Is.NaN);

    [Test]
    public void Cases_without_a_value_are_the_worst()
    {
        var chosen = ReportBuilder.Choose([("a", 0.5), ("b", double.NaN), ("c", 0.9), ("d", 0.7)]);
        Assert.That(chosen, Is.EqualTo(new[] { ("c", "best"), ("a", "median"), ("b", "worst") }));
    }

    [Test]
    public void Correlation_is_one_on_a_line_and_nothing_where_nothing_varies()
    {
        AgreementPoint Point(double x, double y) => new("", 1, x, y);
        Assert.That(
            AgreementReader.Correlation([Point(0, 1), Point(1, 3), Point(2, 5)]), Is.EqualTo(1).Within(1e-12));

        // Deviations (-1, 0, 1) and (-1/3, 2/3, -1/3): their product sums to 0.
        Assert.That(AgreementReader.Correlation([Point(0, 0), Point(1, 1), Point(2, 0)]), Is.EqualTo(0).Within(1e-12));
        Assert.That(AgreementReader.Correlation([Point(1, 0), Point(1, 1)]), Is.NaN);
    }
}
