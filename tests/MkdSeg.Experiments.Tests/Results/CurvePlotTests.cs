using System.Globalization;
using System.Xml.Linq;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Results;
using MkdSeg.Experiments.Running;
using MkdSeg.TestKit;

namespace MkdSeg.Experiments.Tests.Results;

public class CurvePlotTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Test]
    public void Points_lie_where_passes_and_Dice_say()
    {
        DiceCurve[] curves =
        [
            new("A & B", "a", RowMember.Ensemble, [Point(5, .2), Point(10, .62), Point(40, .8)]),
            new("C", "c", RowMember.SSyn, [Point(20, .7), Point(40, double.NaN)]),
        ];
        var plot = XDocument.Parse(CurvePlot.Draw("Title", "MR", curves));
        var lines = plot.Descendants(Svg + "polyline").Select(line => line.Attribute("points")!.Value).ToList();

        // Axes: 0 to 40 passes over 620 pixels from 60; .6 (of .62, after a quarter) to .8 over 430 pixels from 470 upwards.
        Assert.That(lines, Is.EqualTo(new[] { "137.5,1330.0 215.0,427.0 680.0,40.0", "370.0,255.0" }));
        Assert.That(
            plot.Descendants(Svg + "circle").Select(circle => circle.Element(Svg + "title")!.Value),
            Is.EqualTo(new[]
            {
                "A & B: 0.200 after 5 passes", "A & B: 0.620 after 10 passes", "A & B: 0.800 after 40 passes",
                "C: 0.700 after 20 passes",
            }));
        var labels = plot.Descendants(Svg + "text").Select(text => text.Value).ToList();
        Assert.That(labels, Is.SupersetOf(new[] { "0.60", "0.80", "0", "10", "40", "passes over the slices of MR", "A & B 0.800" }));
    }

    [Test]
    public void The_longest_row_of_every_table_fits_into_the_image()
    {
        var rows = TableDefinition.Of(ExperimentSetting.Long, []).SelectMany(table => table.Rows);
        DiceCurve[] curves = [.. rows.Select(row => new DiceCurve(row.Name, row.Method, row.Member, [Point(40, .8)]))];
        var plot = XDocument.Parse(CurvePlot.Draw("Title", "MR", curves));
        var labels = plot.Descendants(Svg + "text").Where(text => text.Value.EndsWith(" 0.800", StringComparison.Ordinal));

        // In DejaVu Sans, one of the widest fonts that browsers use, a character of these names takes .56 em on average.
        Assert.That(
            labels.Max(text => (int)text.Attribute("x")! + (text.Value.Length * 0.56 * 13)),
            Is.LessThan((int)plot.Root!.Attribute("width")!));
    }

    [Test]
    public void Without_a_finished_run_there_are_axes_alone()
    {
        var plot = XDocument.Parse(CurvePlot.Draw("Title", "MR", [new("A", "a", RowMember.Ensemble, [])]));
        Assert.That(plot.Descendants(Svg + "circle"), Is.Empty);
        Assert.That(plot.ToString(), Does.Not.Contain("NaN").And.Not.Contain("∞"));
    }

    [Test]
    public void Curves_are_means_over_the_runs_that_are_finished()
    {
        using var folder = new TemporaryFolder();
        var row = new PlannedRow(new("Zhang 2018", "zhang") { Member = RowMember.First }, []);
        RunFolder[] runs = [.. Enumerable.Range(1, 2).Select(seed => new RunFolder(folder[$"{seed}"]))];
        for (var i = 0; i < 2; i++)
        {
            Directory.CreateDirectory(runs[i].Path);
            // By hand: .5 and .6 have mean .55 and deviation .1/√2.
            File.WriteAllText(
                Path.Combine(runs[i].Path, "validation.csv"),
                "iteration,prediction,MYO,mean\n"
                + string.Concat(((string[])["S_real", "S_real2", "ensemble"]).Select((name, member) =>
                    string.Create(CultureInfo.InvariantCulture, $"50,{name},,{.5 + (.1 * i) + (.05 * member):0.0000}\n"))));
        }

        var point = DiceCurve.Of(row, runs, new LongSchedule(100)).Points.Single();
        Assert.That((point.Iteration, point.Passes, point.Dice.Count), Is.EqualTo((50, 2.0, 2)));
        Assert.That(point.Dice.Mean, Is.EqualTo(.55).Within(1e-9));
        Assert.That(point.Dice.StandardDeviation, Is.EqualTo(.1 / Math.Sqrt(2)).Within(1e-9));
        var ensemble = DiceCurve.Of(row with { Row = new("e", "zhang-ensemble") }, runs, new LongSchedule(100));
        Assert.That(ensemble.Points.Single().Dice.Mean, Is.EqualTo(.65).Within(1e-9));
        Assert.That(DiceCurve.ToCsv([ensemble]), Does.EndWith("\"e\",zhang-ensemble,Ensemble,50,2,0.65,0.070711,2\n"));
    }

    private static DicePoint Point(double passes, double dice) => new((long)passes * 100, passes, new(dice, null, 1));
}
