using MkdSeg.Common;
using MkdSeg.Metrics;
using MkdSeg.Reports.Reading;
using MkdSeg.TestKit;

namespace MkdSeg.Reports.Tests.Reading;

public class ScoreReaderTests
{
    [Test]
    public void What_evaluate_writes_is_read_back_to_the_last_bit()
    {
        using var folder = new TemporaryFolder();
        var cases = new SegmentationScores[] { new("one, two", [1.0 / 3, 0.7]), new("three", [double.NaN, 2.0 / 3]) };
        var file = folder.Write("scores.csv", ScoreFile.ToCsv([("Baseline (4 CT)", new(MadeRun.Labels, cases))]));
        var read = ScoreReader.Read(file, MadeRun.Labels).Single();
        Assert.That(read.Name, Is.EqualTo("Baseline (4 CT)"));
        Assert.That(read.Cases.Select(item => item.CaseId), Is.EqualTo(new[] { "one, two", "three" }));
        Assert.That(read.Cases[0].Dice, Is.EqualTo(cases[0].Dice));
        Assert.That(read.Cases[1].Dice, Is.EqualTo(cases[1].Dice));
        Assert.That(read.OverallMean(2), Is.EqualTo(new ScoreTable(MadeRun.Labels, cases).Mean).Within(1e-15));
    }

    [TestCase("case,structure,dice\n", "no column 'prediction'")]
    [TestCase("prediction,case,structure,dice\nS,1,liver,0.5\n", "the structure 'liver'")]
    public void Tables_of_another_kind_are_one_sentence(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("scores.csv", text);
        Assert.That(
            () => ScoreReader.Read(file, MadeRun.Labels),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(expected));
    }
}
