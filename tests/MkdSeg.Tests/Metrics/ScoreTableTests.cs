using MkdSeg.Datasets;
using MkdSeg.Metrics;

namespace MkdSeg.Tests.Metrics;

public class ScoreTableTests
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    private static readonly LabelSet Two = new(LabelSet.WholeHeart.Structures.Take(2));

    private static readonly ScoreTable Table = new(
        Two,
        [
            new("ct_1", [0.5, 0.7]),
            new("ct_2", [0.9, double.NaN]),
        ]);

    [Test]
    public void MeansLeaveOutWhatIsUndefinedAndCountIt()
    {
        Assert.That(Table.StructureMeans, Is.EqualTo(new[] { 0.7, 0.7 }).Within(1e-12));
        Assert.That(Table.UndefinedCounts, Is.EqualTo(new[] { 0, 1 }));
        Assert.That(Table.Cases[1].Mean, Is.EqualTo(0.9));
        Assert.That(Table.Mean, Is.EqualTo(0.7).Within(1e-12));
        Assert.That(new ScoreTable(Two, []).Mean, Is.NaN);
    }

    [Test]
    public void TextIsAligned() =>
        Assert.That(Table.ToText(), Is.EqualTo(
            "case     MYO      LA    mean\n"
            + "ct_1  0.5000  0.7000  0.6000\n"
            + "ct_2  0.9000       –  0.9000\n"
            + "mean  0.7000  0.7000  0.7000\n"
            + "– : both masks empty, left out of the mean (LA in 1 case).\n"));

    [Test]
    public void MarkdownIsATable() =>
        Assert.That(ScoreTable.CompareAsMarkdown([("S_real", Table), ("ensemble", Table)]), Is.EqualTo(
            "|  | MYO | LA | mean |\n"
            + "|---|---:|---:|---:|\n"
            + "| S_real | 0.7000 | 0.7000 | 0.7000 |\n"
            + "| ensemble | 0.7000 | 0.7000 | 0.7000 |\n"));

    [Test]
    public void TheColumnsOfTheHeartAreThoseOfThePaper() =>
        Assert.That(
            new ScoreTable(LabelSet.WholeHeart, []).ToMarkdown(),
            Does.StartWith("| case | MYO | LA | LV | RA | RV | AA | PA | mean |\n"));

    [Test]
    public void ACaseNeedsAValuePerStructure() =>
        Assert.That(
            () => new ScoreTable(Two, [new("ct_3", [0.1])]), Throws.ArgumentException.With.Message.Contains("ct_3"));

    [Test]
    public void OtherMetricsShowTheirUnitAndTheirDegenerateCases()
    {
        var table = new ScoreTable(
            Two,
            [
                new("ct_1", [0.5, 0])
                {
                    Surfaces = [new(0.9, 3, 1.25, -2), new(0, Inf, Inf, 7)],
                    SurfaceToleranceMm = 1.5,
                },
                new("ct_2", [0.9, NaN]) { Surfaces = [new(1, 1, 0.5, 3), new(NaN, NaN, NaN, 0)] },
            ],
            SegmentationMetric.Hd95);

        Assert.Multiple(() =>
        {
            Assert.That(table.ToText(), Is.EqualTo(
                "case     MYO      LA    mean\n"
                + "ct_1    3.00       ∞       ∞\n"
                + "ct_2    1.00       –    1.00\n"
                + "mean    2.00       ∞       ∞\n"
                + "– : both masks empty, left out of the mean (LA in 1 case).\n"
                + "∞ : one mask empty (LA in 1 case).\n"));
            Assert.That(table.Caption, Does.StartWith("HD95, mm").And.Contain("one mask is empty"));
            var surfaceDice = new ScoreTable(Two, table.Cases, SegmentationMetric.SurfaceDice);
            Assert.That(surfaceDice.Caption, Does.Contain("1.5 mm"));
            Assert.That(surfaceDice.StructureMeans, Is.EqualTo(new[] { 0.95, 0 }).Within(1e-12));
            var volumes = new ScoreTable(Two, table.Cases, SegmentationMetric.VolumeDifference);
            Assert.That(volumes.ToText(), Does.Contain("  -2.00   +7.00"));
            var assd = new ScoreTable(Two, table.Cases, SegmentationMetric.Assd);
            Assert.That(assd.StructureMeans[0], Is.EqualTo(0.875).Within(1e-12));
        });
    }

    [Test]
    public void AMetricThatWasNotComputedIsRefused() =>
        Assert.That(
            () => new ScoreTable(Two, Table.Cases, SegmentationMetric.Assd),
            Throws.InvalidOperationException.With.Message.Contains("ct_1 has no surface metrics"));
}
