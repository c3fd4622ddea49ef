using MkdSeg.Common;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Results;
using MkdSeg.Experiments.Running;
using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;

namespace MkdSeg.Experiments.Tests.Results;

/// <summary>The arithmetic of tables, against numbers worked out by hand.</summary>
public class TableBuilderTests
{
    private static readonly string[] Structures = ["MYO", "LA"];
    private readonly TemporaryFolder _folder = new();
    private ResultTable _table = null!;

    [OneTimeSetUp]
    public void MakeRuns()
    {
        var plan = ExperimentPlan.Create(TinyExperiment.Manifest(), TinyExperiment.Options with { Seeds = [1, 2, 3] });
        foreach (var run in plan.Runs)
        {
            // The third run of MKD is not finished: its pair must not count in the difference.
            var seed = (int)run.Options.Seed;
            if (run.Name.StartsWith("baseline", StringComparison.Ordinal))
            {
                Finish(run, ("S_real", [[.5, .7], [.7, .5 + (.1 * seed)]]));
            }
            else if (seed < 3)
            {
                Finish(
                    run,
                    ("S_syn", [[.1, double.NaN], [.3, .4]]),
                    ("S_real", [[.8, .8], [.8, .8]]),
                    ("ensemble", [[.7 + (.1 * seed), .9], [.7 + (.1 * seed), .9]]));
            }
        }

        _table = new TableBuilder(_folder.Path, Structures, "mkdseg experiment --table 1").Build(plan.Tables[0]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Cases_are_averaged_first_then_runs()
    {
        // MYO: .6 in every run. LA: (.7 + .6)/2 = .65, .7, .75.
        var row = Row("Baseline");
        Assert.That(row.Structures[0], Is.EqualTo(new Statistic(.6, 0, 3)).Using<Statistic>(AreClose));
        Assert.That(row.Structures[1], Is.EqualTo(new Statistic(.7, .05, 3)).Using<Statistic>(AreClose));
        Assert.That(row.Mean, Is.EqualTo(new Statistic(.65, .025, 3)).Using<Statistic>(AreClose));
        Assert.That(row.Difference, Is.Null);
    }

    [Test]
    public void Cases_without_a_value_are_left_out_of_a_structures_mean()
    {
        var row = Row("MKD, S_syn");
        Assert.That(row.Structures[0].Mean, Is.EqualTo(.2).Within(1e-9));
        Assert.That(row.Structures[1].Mean, Is.EqualTo(.4).Within(1e-9));
        Assert.That(row.Mean.Mean, Is.EqualTo(.3).Within(1e-9));
    }

    [Test]
    public void Differences_are_those_of_pairs()
    {
        // Ensemble: (.8 + .9)/2 = .85 and .9; baseline of the same seeds: .625 and .65.
        var difference = Row("MKD, ensemble").Difference;
        Assert.That(difference, Is.EqualTo(new Statistic(.2375, .0125 * Math.Sqrt(2), 2)).Using<Statistic>(AreClose));
    }

    [Test]
    public void Surfaces_are_averaged_as_Dice_is()
    {
        // The fixture's surface Dice is half of Dice, its HD95 4 mm and its ASSD 1 mm; MYO of S_syn is missed once a run.
        var row = Row("Baseline");
        Assert.That(row.SurfaceDice, Is.EqualTo(new Statistic(.325, .0125, 3)).Using<Statistic>(AreClose));
        Assert.That((row.Hd95Mm, row.AssdMm, row.Missed), Is.EqualTo((new Statistic(4, 0, 3), new Statistic(1, 0, 3), 0)));
        Assert.That(Row("MKD, S_syn").Hd95Mm, Is.EqualTo(new Statistic(double.PositiveInfinity, null, 2)));
        Assert.That(Row("MKD, S_syn").Missed, Is.EqualTo(2));
        var text = TableMarkdown.Format(_table);
        Assert.That(text, Does.Contain("| Baseline | .325 ± .013 | 4.0 ± 0.0 | 1.0 ± 0.0 | 0 |"));
        Assert.That(text, Does.Contain("| ∞ | 1.0 ± 0.0 | 2 |"));
    }

    [Test]
    public void Missing_runs_are_named()
    {
        Assert.That(_table.FinishedRuns, Is.EqualTo(5));
        Assert.That(_table.MissingRuns.Single(), Does.StartWith("mkd-2ct-20mr-seed3-"));
        Assert.That(Row("MKD, S_real").PlannedRuns, Is.EqualTo(3));
        Assert.That(_table.Hours, Is.EqualTo(5 * 72 / 3600.0).Within(1e-9));
    }

    [Test]
    public void Markdown_has_both_sources_and_says_what_they_are()
    {
        var text = TableMarkdown.Format(_table);

        Assert.That(text, Does.Contain("| Baseline | tiny | .600 ± .000 | .700 ± .050 | .650 ± .025 | – | 3 of 3 |"));
        Assert.That(text, Does.Contain("| MKD, ensemble | tiny | .850 ± .071 | .900 ± .000 | .875 ± .035 | +.238 ± .018 (2) | 2 of 3 |"));
        Assert.That(text, Does.Contain("| | *paper* | – | – | *.9012* | *+.031* | |"));
        Assert.That(text, Does.Contain("cropped around the annotation as in the paper").And.Contain("2 iterations"));
        Assert.That(text, Does.Contain("    mkdseg experiment --table 1\n"));
    }

    [Test]
    public void Csv_has_as_many_fields_in_every_line()
    {
        var lines = TableFiles.ToCsv(_table).TrimEnd('\n').Split('\n');

        Assert.That(lines, Has.Length.EqualTo(1 + (4 * 2)));
        Assert.That(lines[1], Is.EqualTo("1,\"Baseline\",baseline,Ensemble,tiny,3,3,0.6,0,0.7,0.05,0.65,0.025,,,,0.325,0.0125,4,0,1,0,0"));
        Assert.That(
            lines.Select(line => line.Replace("MKD, ", "MKD ", StringComparison.Ordinal).Split(',').Length).Distinct().Count(),
            Is.EqualTo(1));
    }

    [Test]
    public void Json_survives_reading() => Assert.That(
        StrictJson.Format(StrictJson.Parse<ResultTable>(StrictJson.Format(_table), "table")),
        Is.EqualTo(StrictJson.Format(_table)));

    private static bool AreClose(Statistic a, Statistic b) =>
        a.Count == b.Count && Math.Abs(a.Mean - b.Mean) < 1e-9
        && Math.Abs((a.StandardDeviation ?? -1) - (b.StandardDeviation ?? -1)) < 1e-9;

    private ResultRow Row(string name) => _table.Rows.Single(row => row.Name == name);

    private void Finish(RunSpecification run, params (string Name, double[][] Dice)[] members) => StrictJson.Save(
        RunFolder.Of(_folder.Path, run).ResultFile,
        new RunResult
        {
            Identity = run.Identity,
            Structures = Structures,
            Crop = CropRule.Label,
            Members =
            [
                .. (members.Length > 1 ? members : [members[0], members[0] with { Name = "ensemble" }]).Select(member =>
                    new MemberScores(member.Name, [.. member.Dice.Select((dice, i) => Scores(i, dice))])),
            ],
            TrainingSeconds = 70,
            ScoringSeconds = 2,
            Threads = 1,
            ToolVersions = new Dictionary<string, string> { ["MkdSeg"] = "0.1.0" },
            Finished = DateTimeOffset.UnixEpoch,
        });

    private static CaseScores Scores(int number, double[] dice) =>
        new($"case{number}", dice, [.. dice.Select(Surface)], 2);

    private static SurfaceScores Surface(double dice) => new(dice / 2, dice == .1 ? double.PositiveInfinity : 4, 1, -2);
}
