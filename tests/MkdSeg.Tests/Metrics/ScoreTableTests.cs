using MkdSeg.Labels;
using MkdSeg.Metrics;

namespace MkdSeg.Tests.Metrics;

public class ScoreTableTests
{
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
}
