using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Experiments.Planning;
using MkdSeg.Experiments.Results;
using MkdSeg.Experiments.Running;
using MkdSeg.TestKit;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Tests.Running;

/// <summary>An experiment end to end: planned, trained, scored, tabulated.</summary>
public class ExperimentRunnerTests
{
    private static readonly DirectProgress<WorkEvent> Nobody = new(_ => { });

    [Test]
    public void Runs_are_done_once_and_make_a_table()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 3, mr: 2, ctTest: 2);
        var plan = ExperimentPlan.Create(manifest, TinyExperiment.Options);
        var first = new ExperimentRunner(folder.Path, InProcess(manifest)).Run(plan.Runs, 1, Nobody);
        var again = new ExperimentRunner(folder.Path, Refuse).Run(plan.Runs, 1, Nobody);

        Assert.That(first.Failed, Is.Empty);
        Assert.That(first.Finished, Has.Count.EqualTo(2));
        Assert.That(again.FinishedBefore, Has.Count.EqualTo(2));
        Assert.That(again.Failed, Is.Empty);
        var mkd = RunFolder.Of(folder.Path, plan.Runs.Single(run => run.Name.StartsWith("mkd", StringComparison.Ordinal)));
        Assert.That(mkd.ReadResult()!.Members.Select(member => member.Name), Is.EquivalentTo(new[] { "S_syn", "S_real", "ensemble" }));
        Assert.That(mkd.ReadResult()!.Members.Select(member => member.Cases.Count), Has.All.EqualTo(2));
        Assert.That(File.ReadAllLines(mkd.ScoresFile), Has.Length.EqualTo(1 + (3 * 2 * 2)), "segmentors, cases, structures");
        Assert.That(
            StrictJson.Load<RunSpecification>(mkd.SpecificationFile).Identity, Is.EqualTo(mkd.ReadResult()!.Identity));
        Assert.That(mkd.Annotations, Does.Not.Exist);

        var table = new TableBuilder(folder.Path, ["MYO", "LA"], "mkdseg experiment").Build(plan.Tables[0]);
        Assert.That(table.MissingRuns, Is.Empty);
        Assert.That(table.FinishedRuns, Is.EqualTo(2));
        Assert.That(table.Rows, Has.Count.EqualTo(4));
        Assert.That(table.Rows.Select(row => row.Mean.Mean), Has.All.InRange(0, 1));
        TableFiles.Write(folder.Path, [table]);
        foreach (var ending in (string[])[".md", ".csv", ".json"])
            Assert.That(folder["tables", "table1-scarce-2ct" + ending], Does.Exist);
    }

    [Test]
    public void Every_row_of_the_comparison_and_the_ablation_is_filled()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var plan = ExperimentPlan.Create(
            manifest, TinyExperiment.Options with { Tables = [1, 2], TargetVolumes = [1], Methods = [] });
        var summary = new ExperimentRunner(folder.Path, InProcess(manifest)).Run(plan.Runs, 1, Nobody);

        Assert.That(summary.Failed.Select(run => run.Reason), Is.Empty);
        var builder = new TableBuilder(folder.Path, ["MYO", "LA"], "");
        foreach (var row in plan.Tables.Select(builder.Build).SelectMany(table => table.Rows))
            Assert.That(row.Mean.Count, Is.EqualTo(1), row.Name);

        // The row of one segmentor of Zhang is the first of two; all but MKD and this ensemble have one, which is all.
        foreach (var run in plan.Runs)
        {
            var members = RunFolder.Of(folder.Path, run).ReadResult()!.Members.Select(member => member.Name).ToList();
            var two = run.Options.Method == "zhang-ensemble" || run.Options.Method.StartsWith("mkd", StringComparison.Ordinal);
            Assert.That(members, Has.Count.EqualTo(two ? 3 : 2), run.Name);
            Assert.That(members[^1], Is.EqualTo("ensemble"));
            if (run.Options.Method == "zhang-ensemble")
                Assert.That(members[0], Is.EqualTo("S_real"));
        }
    }

    [Test]
    public void One_broken_run_does_not_stop_the_rest()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var plan = ExperimentPlan.Create(manifest, TinyExperiment.Options with { Methods = ["baseline"], Seeds = [1, 2] });
        var broken = plan.Runs[0] with { TestCases = [plan.Runs[0].TestCases[0] with { Id = "ct_test_9" }] };
        var runner = new ExperimentRunner(folder.Path, InProcess(manifest));
        var summary = runner.Run([broken, plan.Runs[1]], 2, Nobody);

        Assert.That(summary.Finished, Is.EqualTo(new[] { plan.Runs[1] }));
        Assert.That(summary.Failed.Single().Run, Is.EqualTo(broken));
        Assert.That(summary.Failed.Single().Reason, Does.Contain("ct_test_9"));
        Assert.That(RunFolder.Of(folder.Path, broken).ReadFailure(), Does.Contain("ct_test_9"));

        var table = new TableBuilder(folder.Path, ["MYO", "LA"], "").Build(plan.Tables[0]);
        Assert.That(table.MissingRuns, Is.EqualTo(new[] { plan.Runs[0].Name }));
        Assert.That(table.Rows[0].Mean.Count, Is.EqualTo(1));
        Assert.That(TableMarkdown.Format(table), Does.Contain("1 of 2").And.Contain("1 runs are missing"));
    }

    [Test]
    public void A_run_at_which_another_process_is_is_left_to_it()
    {
        using var folder = new TemporaryFolder();
        var plan = ExperimentPlan.Create(TinyExperiment.Manifest(), TinyExperiment.Options with { Methods = ["baseline"] });
        using var other = RunFolder.Of(folder.Path, plan.Runs[0]).TryLock();
        var summary = new ExperimentRunner(folder.Path, Refuse).Run(plan.Runs, 1, Nobody);

        Assert.That(other, Is.Not.Null);
        Assert.That(summary.Skipped, Is.EqualTo(plan.Runs));
        Assert.That(summary.Failed, Is.Empty);
    }

    [Test]
    public void A_stopped_run_is_resumed_and_ends_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var run = ExperimentPlan.Create(manifest, TinyExperiment.Options).Runs[^1];
        run = run with { Options = run.Options with { CheckpointIterations = 1 } };
        var (through, stopped) = (RunFolder.Of(folder["through"], run), RunFolder.Of(folder["stopped"], run));
        RunExecutor.Execute(through, run, manifest, Nobody);
        using var stop = new CancellationTokenSource();
        Assert.That(
            () => RunExecutor.Execute(
                stopped, run, manifest, Listener(line => StopAfter("Training mkd", line, stop)), stop.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(stopped.TrainedFile, Does.Not.Exist);
        var said = new List<string>();
        RunExecutor.Execute(stopped, run, manifest, Listener(said.Add));

        Assert.That(said, Has.Some.StartsWith("Resuming after iteration"));
        Assert.That(File.ReadAllText(stopped.ScoresFile), Is.EqualTo(File.ReadAllText(through.ScoresFile)));
        Assert.That(
            File.ReadAllBytes(Path.Combine(stopped.Bundle, "S_syn.onnx")),
            Is.EqualTo(File.ReadAllBytes(Path.Combine(through.Bundle, "S_syn.onnx"))));
        Assert.That(Path.Combine(stopped.Path, TrainingRun.CheckpointsFolder), Does.Not.Exist);
    }

    [Test]
    public void A_run_that_was_begun_with_other_threads_begins_anew()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var run = ExperimentPlan.Create(manifest, TinyExperiment.Options).Runs[0];
        var other = run with { Options = run.Options with { Threads = 2 } };
        var place = RunFolder.Of(folder.Path, run);
        StrictJson.Save(Path.Combine(place.Path, TrainingRun.ConfigurationFile), other.Options);
        var said = new List<string>();
        RunExecutor.Execute(place, run, manifest, Listener(said.Add));

        Assert.That(RunFolder.Of(folder.Path, other), Is.EqualTo(place), "the same run");
        Assert.That(said, Has.Some.Contains("threads: 2 before, 1 now"));
        Assert.That(place.ReadResult(), Is.Not.Null);
    }

    [Test]
    public void Nothing_is_begun_after_cancellation()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        var plan = ExperimentPlan.Create(TinyExperiment.Manifest(), TinyExperiment.Options);

        Assert.That(
            () => new ExperimentRunner(folder.Path, Refuse).Run(plan.Runs, 1, Nobody, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(folder["runs"], Does.Not.Exist);
    }

    [Test]
    public void How_many_run_at_once_does_not_change_a_bit()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var plan = ExperimentPlan.Create(manifest, TinyExperiment.Options);
        foreach (var parallel in (int[])[1, 2])
            new ExperimentRunner(folder[$"{parallel}"], InProcess(manifest)).Run(plan.Runs, parallel, Nobody);

        foreach (var run in plan.Runs)
        {
            var (one, two) = (RunFolder.Of(folder["1"], run), RunFolder.Of(folder["2"], run));
            Assert.That(
                File.ReadAllBytes(Path.Combine(one.Bundle, "S_real.onnx")),
                Is.EqualTo(File.ReadAllBytes(Path.Combine(two.Bundle, "S_real.onnx"))));
            Assert.That(File.ReadAllText(one.ScoresFile), Is.EqualTo(File.ReadAllText(two.ScoresFile)));
        }
    }

    private static void StopAfter(string beginning, string line, CancellationTokenSource stop)
    {
        if (line.StartsWith(beginning, StringComparison.Ordinal))
            stop.Cancel();
    }

    private static DirectProgress<WorkEvent> Listener(Action<string> listen) => new(value =>
    {
        if (value is WorkInfo info)
            listen(info.Message);
    });

    private static RunLauncher InProcess(VolumeManifest manifest) => (folder, run, progress, cancellation) =>
        RunExecutor.Execute(folder, run, manifest, progress, cancellation);

    private static void Refuse(
        RunFolder folder, RunSpecification run, IProgress<WorkEvent> progress, CancellationToken cancellation) =>
        throw new UserErrorException($"{run.Name} should not have been run.");
}
