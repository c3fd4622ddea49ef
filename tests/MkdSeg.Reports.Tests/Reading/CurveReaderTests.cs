using MkdSeg.Common;
using MkdSeg.Reports.Reading;

namespace MkdSeg.Reports.Tests.Reading;

public class CurveReaderTests
{
    [Test]
    public void Iterations_are_counted_on_where_a_stage_begins_anew()
    {
        var curves = CurveReader.Losses(CsvTable.Parse(
            "iteration,stage,seconds,L_a,L_b\n1,first,1,4,\n2,first,2,3,\n1,second,3,2,8\n2,second,4.5,1,9\n", "x"))!;
        Assert.That(curves.Iterations, Is.EqualTo(new[] { 1, 2, 3, 4 }));
        Assert.That(curves.Stages, Is.EqualTo(new[] { ("first", 1L), ("second", 3L) }));
        Assert.That(curves.Columns.Select(curve => curve.Name), Is.EqualTo(new[] { "L_a", "L_b" }));
        Assert.That(curves.Columns[1].Values, Is.EqualTo(new[] { double.NaN, double.NaN, 8, 9 }));
        Assert.That((curves.Total, curves.Seconds), Is.EqualTo((4, 4.5)));
    }

    [Test]
    public void Long_trainings_are_averaged_over_spans()
    {
        // 501 rows in at most 250 points: three rows each, of the values 1, 2, 3 the mean is 2.
        var rows = string.Concat(Enumerable.Range(1, 501).Select(i => $"{i},train,{i},{i}\n"));
        var curves = CurveReader.Losses(CsvTable.Parse("iteration,stage,seconds,L\n" + rows, "x"))!;
        Assert.That(curves.Span, Is.EqualTo(3));
        Assert.That(curves.Columns[0].Values, Has.Count.EqualTo(167));
        Assert.That(curves.Columns[0].Values[0], Is.EqualTo(2));
        Assert.That((curves.Iterations[0], curves.Iterations[^1]), Is.EqualTo((3, 501)));
    }

    [Test]
    public void A_table_without_rows_has_no_curves() =>
        Assert.That(CurveReader.Losses(CsvTable.Parse("iteration,stage,seconds", "x")), Is.Null);

    [Test]
    public void Means_share_a_chart_and_each_prediction_has_one_of_its_structures()
    {
        var groups = CurveReader.Validation(CsvTable.Parse(
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
        Assert.That(CurveReader.Validation(CsvTable.Parse("iteration,prediction,shell,mean", "x")), Is.Empty);
}
