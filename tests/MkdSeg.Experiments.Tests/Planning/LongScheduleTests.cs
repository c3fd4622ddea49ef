using MkdSeg.Common;
using MkdSeg.Experiments.Planning;
using MkdSeg.TestKit;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Tests.Planning;

public class LongScheduleTests
{
    private static readonly ExperimentOptions Options = TinyExperiment.Options with
    {
        Tables = [], Setting = ExperimentSetting.Long, Methods = [],
    };

    // 40 passes in batches of 4 are ten iterations a slice, rounded up to a multiple of 12.
    [TestCase(6, 60)]
    [TestCase(394, 3948)]
    [TestCase(1, 12)]
    public void Every_slice_is_seen_forty_times_in_twelve_equal_parts(int slices, int iterations)
    {
        var schedule = new LongSchedule(slices);
        Assert.That(schedule.Iterations, Is.EqualTo(iterations));
        Assert.That(schedule.PassesOf(iterations), Is.EqualTo(iterations * 4.0 / slices).Within(1e-12).And.AtLeast(40));
    }

    [Test]
    public void Slices_are_those_that_a_training_cuts()
    {
        using var folder = new TemporaryFolder();
        // The first and last of 3 slices hold the annotation, and so do those between.
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 2, ctTest: 1);
        var table = ExperimentPlan.Create(manifest, Options).Tables[0];
        var run = table.Rows.Single(row => row.Row.Method == "joint-training").Runs[0].Run;
        var said = new List<string>();
        var reader = new Datasets.DatasetReader(manifest);
        TrainingRun.Estimate(
            new("x", "CT", "MR", manifest.LabelSet, run.Options),
            TrainingData.OfVolumes(
                run.Options,
                run.TargetCases.Select(item => reader.Read(manifest.Case(item.Id))),
                run.AssistantCases.Select(item => reader.Read(manifest.Case(item.Id))),
                run.TestCases.Select(item => reader.Read(manifest.Case(item.Id)))),
            new DirectProgress<WorkEvent>(value => said.Add(value is WorkInfo info ? info.Message : "")));

        Assert.That(table.Schedule!.Slices, Is.EqualTo(6));
        Assert.That(said, Does.Contain("MR: 6 slices of 2 cases."));
        Assert.That(table.Length, Is.EqualTo("60 iterations of batch 4, 40 passes over 6 slices of MR"));
    }

    [Test]
    public void Runs_have_the_papers_decay_in_epochs_of_the_assistant_and_export_the_last_model()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 2, ctTest: 1);
        foreach (var run in ExperimentPlan.Create(manifest, Options).Runs)
        {
            var options = run.Options;
            Assert.That((options.BatchSize, options.Iterations, options.EpochIterations), Is.EqualTo((4, 60, 2)), run.Name);
            Assert.That(options.Validation, Is.EqualTo(new ValidationOptions { Iterations = 5, SelectBest = false }));
            Assert.That(options.SegmentorRate, Is.EqualTo(new LearningRateSchedule(2e-3, LearningRateDecay.StepEveryTwoEpochs)));
            Assert.That(options.AdversarialRate.Decay, Is.EqualTo(LearningRateDecay.LinearInSecondHalf));
        }

        var few = ExperimentPlan.Create(manifest, Options with { Iterations = 10 });
        Assert.That(few.Runs.Select(run => (run.Options.Iterations, run.Options.Validation.Iterations)), Is.All.EqualTo((10, 1)));
        Assert.That(few.Tables[0].Length, Does.StartWith("10 iterations of batch 4, 6.7 passes"));
    }

    [Test]
    public void It_has_two_tables_and_joint_training_with_strong_augmentation()
    {
        using var folder = new TemporaryFolder();
        var manifest = TinyExperiment.Write(folder["data"], ct: 2, mr: 1, ctTest: 1);
        var plan = ExperimentPlan.Create(manifest, Options);

        Assert.That(plan.Tables.Select(table => table.Definition.Number), Is.EqualTo(new[] { 1, 2 }));
        Assert.That(
            plan.Tables[0].Rows.Select(row => row.Row.Method),
            Is.EqualTo(new[] { "baseline", "fine-tune", "joint-training", "joint-strong", "zhang", "zhang-ensemble", "mkd", "mkd", "mkd" }));
        Assert.That(plan.Tables[1].Rows, Has.Count.EqualTo(12));
        Assert.That(plan.Runs, Has.Count.EqualTo(6 + 3), "zhang comes with its ensemble, and mkd is in both tables");
        Assert.That(
            () => ExperimentPlan.Create(manifest, Options with { Tables = [1, 4] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("Table 4"));
        Assert.That(
            () => ExperimentPlan.Create(manifest, Options with { Setting = ExperimentSetting.Scarce, Methods = ["joint-strong"] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("joint-strong"));
    }
}
