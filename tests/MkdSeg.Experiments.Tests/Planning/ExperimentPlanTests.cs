using MkdSeg.Common;
using MkdSeg.Experiments.Planning;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Tests.Planning;

public class ExperimentPlanTests
{
    private static readonly ExperimentOptions Options = new() { Methods = ["baseline", "mkd"] };

    private static ExperimentPlan Plan(ExperimentOptions options) =>
        ExperimentPlan.Create(TinyExperiment.Manifest(), options);

    [Test]
    public void Methods_with_one_seed_have_the_same_volumes_and_other_seeds_others()
    {
        var runs = Plan(Options with { Tables = [1] }).Runs;
        var subsets = runs
            .GroupBy(run => run.Options.Seed)
            .Select(group => group.Select(run => string.Join(' ', run.TargetCases.Select(item => item.Id))).Distinct().ToList())
            .ToList();

        Assert.That(subsets, Has.Count.EqualTo(3));
        Assert.That(subsets, Has.All.Count.EqualTo(1), "one subset for each seed");
        Assert.That(subsets.Select(subset => subset[0]).Distinct().Count(), Is.EqualTo(3));
        Assert.That(runs.Select(run => run.TargetCases.Count), Has.All.EqualTo(4));
        Assert.That(runs.Select(run => run.AssistantCases.Count), Has.All.EqualTo(20));
        Assert.That(runs.SelectMany(run => run.TestCases).Select(item => item.Id), Has.All.StartsWith("ct_test_"));
    }

    [Test]
    public void A_smaller_subset_is_part_of_a_larger_one()
    {
        var runs = Plan(Options with { Tables = [1], TargetVolumes = [2, 4], Seeds = [7], Methods = ["baseline"] }).Runs;

        Assert.That(runs.Select(run => run.TargetCases.Count), Is.EqualTo(new[] { 2, 4 }));
        Assert.That(runs[0].TargetCases, Is.SubsetOf(runs[1].TargetCases));
    }

    [Test]
    public void Tables_share_the_runs_that_they_have_in_common()
    {
        var plan = Plan(Options with { Tables = [1, 2, 3], Seeds = [1], Methods = ["baseline", "mkd"] });

        Assert.That(
            plan.Runs.Select(run => (run.Options.Method, run.AssistantCases.Count)),
            Is.EquivalentTo(new[] { ("baseline", 20), ("mkd", 20), ("mkd", 5), ("mkd", 10) }));
        var full = plan.Tables[0].Rows.Single(row => row.Row.Name == "MKD, ensemble").Runs[0].Run.Identity;
        Assert.That(plan.Tables[1].Rows.Single(row => row.Row.Name == "full, S_syn").Runs[0].Run.Identity, Is.EqualTo(full));
        Assert.That(plan.Tables[2].Rows.Single(row => row.Row.Name == "20 MR").Runs[0].Run.Identity, Is.EqualTo(full));
    }

    [Test]
    public void The_four_tables_need_21_runs_of_a_seed()
    {
        var plan = Plan(new ExperimentOptions { Seeds = [1] });

        Assert.That(plan.Tables.Select(table => table.Rows.Count), Is.EqualTo(new[] { 11, 12, 3, 11 }));
        Assert.That(
            plan.Runs, Has.Count.EqualTo(8 + 3 + 2 + 8), "zhang comes with its ensemble, and mkd is in three tables");
    }

    [Test]
    public void Folds_are_tested_on_in_turn_and_never_trained_on()
    {
        var runs = Plan(Options with { Tables = [1], Setting = ExperimentSetting.Folds, Seeds = [1], Methods = ["mkd"] }).Runs;

        Assert.That(runs.Select(run => run.Fold), Is.EqualTo(new int?[] { 0, 1 }));
        foreach (var run in runs)
        {
            Assert.That(run.TargetCases, Has.Count.EqualTo(10));
            Assert.That(run.TestCases, Has.Count.EqualTo(10));
            Assert.That(run.TargetCases.Intersect(run.TestCases), Is.Empty);
        }

        Assert.That(runs[0].TargetCases, Is.EqualTo(runs[1].TestCases));
    }

    [Test]
    public void Folds_of_the_manifest_go_before_halves()
    {
        var manifest = TinyExperiment.Manifest(ct: 6);
        manifest = manifest with
        {
            Cases = [.. manifest.Cases.Select((entry, i) => entry.Id.StartsWith("ct_train", StringComparison.Ordinal)
                ? entry with { Fold = i % 2 }
                : entry)],
        };
        var run = ExperimentPlan.Create(
            manifest, Options with { Tables = [1], Setting = ExperimentSetting.Folds, Folds = [1], Methods = ["mkd"] }).Runs[0];

        Assert.That(run.TestCases.Select(item => item.Id), Is.EqualTo(new[] { "ct_train_2", "ct_train_4", "ct_train_6" }));
        Assert.That(run.TargetCases.Select(item => item.Id), Is.EqualTo(new[] { "ct_train_1", "ct_train_3", "ct_train_5" }));
    }

    [Test]
    public void Without_a_test_split_a_few_volumes_are_drawn_outside_the_fold()
    {
        var plan = ExperimentPlan.Create(
            TinyExperiment.Manifest(ctTest: 0), Options with { Tables = [1], Methods = ["baseline"], Seeds = [1, 2] });

        Assert.That(plan.Runs, Has.Count.EqualTo(4), "two seeds, two folds");
        foreach (var run in plan.Runs)
        {
            Assert.That(run.TargetCases, Has.Count.EqualTo(4));
            Assert.That(run.TestCases, Has.Count.EqualTo(10));
            Assert.That(run.TargetCases.Intersect(run.TestCases), Is.Empty);
        }
    }

    [Test]
    public void Table_4_exchanges_the_modalities_with_their_intensities()
    {
        var run = Plan(Options with { Tables = [4], Seeds = [1], Methods = ["mkd"] }).Runs.Single();

        Assert.That((run.TargetModality, run.AssistantModality), Is.EqualTo(("MR", "CT")));
        Assert.That(run.TargetCases.Concat(run.TestCases).Select(item => item.Id), Has.All.StartsWith("mr_"));
        Assert.That(run.AssistantCases.Select(item => item.Id), Has.All.StartsWith("ct_train"));
        Assert.That(run.Options.Target.Window, Is.EqualTo(Preprocessing.IntensityWindow.Mr));
        Assert.That(run.Options.Assistant.Window, Is.EqualTo(Preprocessing.IntensityWindow.Ct));
    }

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(8)]
    public void Shards_together_are_the_plan(int count)
    {
        var plan = Plan(Options with { Tables = [1, 2, 3] });
        var shards = Enumerable.Range(1, count).SelectMany(index => plan.Shard(index, count)).ToList();

        Assert.That(shards, Is.EquivalentTo(plan.Runs));
        Assert.That(shards.Select(run => run.Name), Is.Unique);
    }

    [Test]
    public void Seeds_come_one_after_the_other() => Assert.That(
        Plan(Options with { Tables = [1], Seeds = [3, 1] }).Runs.Select(run => run.Options.Seed),
        Is.EqualTo(new ulong[] { 3, 3, 1, 1 }));

    [Test]
    public void What_does_not_change_the_training_does_not_change_the_run()
    {
        var run = Plan(Options with { Tables = [1], Seeds = [1], Methods = ["mkd"] }).Runs[0];
        RunSpecification With(TrainingOptions options) => run with { Options = options };

        Assert.That(With(run.Options with { Threads = 7, Device = DeviceKind.Cpu }).Identity, Is.EqualTo(run.Identity));
        Assert.That(With(run.Options with { SnapshotMinutes = 7 }).Identity, Is.EqualTo(run.Identity));
        Assert.That(With(run.Options with { Mkd = new(LambdaCycle: 7) }).Identity, Is.Not.EqualTo(run.Identity));
        Assert.That(
            With(run.Options with { Target = run.Options.Target with { Window = new() } }).Identity, Is.Not.EqualTo(run.Identity));
        Assert.That(With(run.Options with { Iterations = 7 }).Identity, Is.Not.EqualTo(run.Identity));
        Assert.That(With(run.Options with { Seed = 7 }).Identity, Is.Not.EqualTo(run.Identity));
        Assert.That((run with { TestCases = [.. run.TestCases.Skip(1)] }).Identity, Is.Not.EqualTo(run.Identity));
        Assert.That(
            (run with { TargetCases = [run.TargetCases[0] with { ImageSha256 = "another" }, .. run.TargetCases.Skip(1)] }).Identity,
            Is.Not.EqualTo(run.Identity));
        Assert.That(run.Name, Does.StartWith("mkd-4ct-20mr-seed1-"));
    }

    [Test]
    public void What_is_not_there_is_named()
    {
        Assert.That(
            () => Plan(Options with { Tables = [5] }), Throws.TypeOf<UserErrorException>().With.Message.Contains("table 5"));
        Assert.That(
            () => Plan(Options with { Methods = ["mdk"] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("did you mean mkd"));
        Assert.That(
            () => Plan(Options with { TargetVolumes = [21] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("21 CT").And.Message.Contains("20"));
        Assert.That(
            () => Plan(Options with { Setting = ExperimentSetting.Folds, Folds = [2] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("fold 2"));
        Assert.That(
            () => Plan(Options).Shard(9, 8), Throws.TypeOf<UserErrorException>().With.Message.Contains("8/8"));
    }
}
