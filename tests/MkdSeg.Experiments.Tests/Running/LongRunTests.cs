using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Results;
using MkdSeg.Experiments.Running;
using MkdSeg.TestKit;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Tests.Running;

/// <summary>Runs of the long setting: the test volumes are scored on the way, and that changes nothing.</summary>
public class LongRunTests
{
    private static readonly DirectProgress<WorkEvent> Nobody = new(_ => { });

    private static readonly ExperimentOptions Options = TinyExperiment.Options with
    {
        Setting = ExperimentSetting.Long,
        Iterations = 24,
        // A seed and a rate of which Dice goes up and down.
        Seeds = [3],
        Training = TinyExperiment.Training with { SegmentorRate = new(1e-2, LearningRateDecay.Constant), CheckpointIterations = 7 },
    };

    [Test]
    public void The_last_model_is_exported_even_if_an_earlier_one_was_better()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 2, ctTest: 1);
        var run = ExperimentPlan.Create(manifest, Options).Runs.Single(run => run.Options.Method == "mkd");
        var unseen = run with { Options = run.Options with { Validation = new() } };
        var (scored, plain) = (RunFolder.Of(folder["scored"], run), RunFolder.Of(folder["plain"], unseen));
        RunExecutor.Execute(scored, run, manifest, Nobody);
        RunExecutor.Execute(plain, unseen, manifest, Nobody);

        var curve = scored.ReadCurve(RowMember.Ensemble);
        Assert.That(curve.Select(point => point.Iteration), Is.EqualTo(Enumerable.Range(1, 12).Select(i => (long)i * 2)));
        Assert.That(curve.Max(point => point.Dice), Is.GreaterThan(curve[^1].Dice), "what the test is about");
        foreach (var role in (string[])[NetworkRoles.SSyn, NetworkRoles.SReal])
        {
            Assert.That(Weights(scored, role), Is.EqualTo(Weights(plain, role)), role);
        }

        Assert.That(Path.Combine(scored.Path, TrainingRun.LastFolder), Does.Not.Exist);
        Assert.That(plain.ReadCurve(RowMember.Ensemble), Is.Empty);

        // The exported model, scored in the test, has the Dice of the curve's end: both frame volumes by the annotation, and
        // here the networks' grid is the volumes' own.
        var (members, last) = (scored.ReadResult()!.Members, curve[^1].Dice);
        Assert.That(members[^1].Cases.Single().Dice.Average(), Is.EqualTo(last).Within(5e-5));
        Assert.That(
            members[0].Cases.Single().Dice.Average(), Is.EqualTo(scored.ReadCurve(RowMember.SSyn)[^1].Dice).Within(5e-5));
        Assert.That(
            members[1].Cases.Single().Dice.Average(), Is.EqualTo(scored.ReadCurve(RowMember.SReal)[^1].Dice).Within(5e-5));
    }

    [Test]
    public void A_stopped_run_continues_with_the_same_curve()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 2, ctTest: 1);
        var run = ExperimentPlan.Create(manifest, Options).Runs.Single(run => run.Options.Method == "mkd");
        var (through, stopped) = (RunFolder.Of(folder["through"], run), RunFolder.Of(folder["stopped"], run));
        RunExecutor.Execute(through, run, manifest, Nobody);
        // A process that dies in iteration 13 goes on from the checkpoint of 7: the points after that come again.
        var dying = new DirectProgress<WorkEvent>(value =>
        {
            if (value is TrainingIteration { Iteration: 13 })
                throw new InvalidOperationException("power cut");
        });
        Assert.That(() => RunExecutor.Execute(stopped, run, manifest, dying), Throws.InvalidOperationException);
        Assert.That(
            stopped.ReadCurve(RowMember.SReal).Select(point => point.Iteration), Is.EqualTo(new[] { 2, 4, 6, 8, 10, 12 }));
        RunExecutor.Execute(stopped, run, manifest, Nobody);

        Assert.That(Curve(stopped), Is.EqualTo(Curve(through)));
        Assert.That(File.ReadAllText(stopped.ScoresFile), Is.EqualTo(File.ReadAllText(through.ScoresFile)));
    }

    [Test]
    public void Every_row_gets_its_table_and_curve()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 1, mr: 1, ctTest: 1);
        var plan = ExperimentPlan.Create(
            manifest, Options with { Tables = [1, 2], TargetVolumes = [1], Methods = [], Iterations = 10 });
        var summary = new ExperimentRunner(folder.Path, (place, run, progress, cancellation) =>
            RunExecutor.Execute(place, run, manifest, progress, cancellation)).Run(plan.Runs, 1, Nobody);
        var builder = new TableBuilder(folder.Path, ["MYO", "LA"], "mkdseg experiment --setting long");
        var tables = plan.Tables.Select(builder.Build).ToList();
        TableFiles.Write(folder.Path, tables);

        Assert.That(summary.Failed.Select(run => run.Reason), Is.Empty);
        foreach (var curve in tables.SelectMany(table => table.Curves))
        {
            // Two stages of ten iterations, or one; 3 slices of MR, so 4 slices an iteration are 4/3 passes.
            Assert.That(curve.Points, Has.Count.EqualTo(curve.Method == "fine-tune" ? 20 : 10), curve.Row);
            Assert.That(curve.Points[2].Passes, Is.EqualTo(4).Within(1e-12));
            Assert.That(curve.Points.Select(point => point.Dice.Mean), Is.All.InRange(0, 1));
        }

        var text = File.ReadAllText(folder["tables", "table1-long-1ct.md"]);
        Assert.That(text, Does.Contain("10 iterations of batch 4, 13.3 passes over 3 slices of MR"));
        Assert.That(text, Does.Contain("](table1-long-1ct-curves.svg)"));
        var csv = File.ReadAllLines(folder["tables", "table1-long-1ct-curves.csv"]);
        Assert.That(csv, Has.Length.EqualTo(1 + (8 * 10) + 20), "8 rows of one stage, one of two");
        Assert.That(
            StrictJson.Load<List<DiceCurve>>(folder["tables", "table2-long-1ct-curves.json"]), Has.Count.EqualTo(12));
    }

    // The graph with its weights: what stands before the properties, the first of which is "labels".
    private static byte[] Weights(RunFolder run, string role)
    {
        var bytes = ModelBundle.Load(run.Bundle).ReadNetwork(role);
        return bytes[..bytes.AsSpan().LastIndexOf("labels"u8)];
    }

    private static string Curve(RunFolder folder) =>
        File.ReadAllText(Path.Combine(folder.Path, TrainingRun.ValidationFile));
}
