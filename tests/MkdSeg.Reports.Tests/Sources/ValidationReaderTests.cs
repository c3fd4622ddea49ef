using MkdSeg.Reports.Sources;

namespace MkdSeg.Reports.Tests.Sources;

public class ValidationReaderTests
{
    [Test]
    public void Means_share_a_chart_and_each_prediction_has_one_of_its_structures()
    {
        var groups = ValidationReader.Read(CsvTable.Parse(
            "iteration,prediction,shell,core,mean\n10,S_real,0.5,,0.5\n10,ensemble,0.6,0.8,0.7\n20,ensemble,0.7,0.9,0.8\n", "x"));
        Assert.That(groups.Select(group => group.Title), Is.EqualTo(new[]
        {
            "Validation: mean Dice", "Validation: Dice of S_real", "Validation: Dice of Ensemble",
        }));
        Assert.That(groups[0].Iterations, Is.EqualTo(new[] { 10, 20 }));
        Assert.That(groups[0].Curves[0].Values, Is.EqualTo(new[] { 0.5, double.NaN }));
        Assert.That(groups[0].Curves[1].Values, Is.EqualTo(new[] { 0.7, 0.8 }));
        Assert.That(groups[1].Iterations, Is.EqualTo(new[] { 10 }));
        Assert.That(groups[1].Curves.Select(curve => (curve.Name, curve.Values[0])), Is.EqualTo(new[]
        {
            ("shell", 0.5), ("core", double.NaN),
        }));
    }

    [Test]
    public void Before_the_first_validation_there_is_nothing() =>
        Assert.That(ValidationReader.Read(CsvTable.Parse("iteration,prediction,shell,mean", "x")), Is.Empty);
}
