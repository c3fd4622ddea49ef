using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.TestKit;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

/// <summary>Trainings by a manifest, as an application runs them.</summary>
public class TrainingJobTests
{
    private TemporaryFolder _folder = null!;
    private TrainingJob _job = null!;
    private TrainingOptions _options = null!;

    [SetUp]
    public void Draw()
    {
        _folder = new();
        var manifest = StreetScenes.Draw(_folder["data"], 2);
        _job = new()
        {
            Data = Repository.File("data-manifests/gta5-cityscapes.json"),
            DataRoot = _folder["data"],
            Name = "street",
            TargetModality = "Cityscapes",
            AssistantModality = "GTA5",
        };
        _options = (TinyTraining.Options with { Method = "baseline", Iterations = 2, CheckpointIterations = 1 })
            .ForPhotographs(manifest.Channels);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_run_is_found_again_with_the_hash_of_its_data()
    {
        _job.Run(_options, _folder["run"]);

        Assert.That(
            TrainingJob.Load(_folder["run"]), Is.EqualTo(_job with { DataSha256 = FileHash.OfFile(_job.Data) }));
    }

    [Test]
    public void A_folder_that_holds_a_run_is_refused_without_naming_options_of_the_command_line()
    {
        var bundle = _job.Run(_options, _folder["run"]);

        Assert.That(
            () => _job.Run(_options, _folder["run"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("already contains a training run; resume it")
                .And.Message.Not.Contain("--"));
        Assert.That(File.Exists(_folder["run", TrainingRun.CheckpointsFolder, "index.json"]), "nothing was deleted");
        var again = _job.Run(_options, _folder["run"], resume: Resumption.Overwrite);
        Assert.That(again.ReadNetwork("S_real"), Is.EqualTo(bundle.ReadNetwork("S_real")));
    }

    [Test]
    public void A_training_goes_on_from_a_bundle()
    {
        var bundle = _job.Run(_options, _folder["run"]);
        var going = _job with { From = _folder["run", TrainingJob.BundleFolder] };

        // At a learning rate of 0 what comes out is what went in; MKD's S_syn begins as the only segmentor there is.
        var still = new LearningRateSchedule(0, LearningRateDecay.Constant);
        var same = going.Run(_options with { Method = "mkd", SegmentorRate = still }, _folder["same"]);
        var other = _job.Run(_options with { SegmentorRate = still }, _folder["other"]);
        var both = (going with { SynFrom = _folder["other", TrainingJob.BundleFolder] })
            .Run(_options with { Method = "mkd", SegmentorRate = still }, _folder["both"]);

        var weights = Values(bundle, "S_real");
        Assert.Multiple(() =>
        {
            Assert.That(Values(same, "S_real"), Is.EqualTo(weights));
            Assert.That(Values(same, "S_syn"), Is.EqualTo(weights));
            Assert.That(Values(other, "S_real"), Is.Not.EqualTo(weights));
            Assert.That(Values(both, "S_real"), Is.EqualTo(weights));
            Assert.That(Values(both, "S_syn"), Is.EqualTo(Values(other, "S_real")));
        });
        Assert.That(
            () => going.Run(
                _options with { Segmentor = _options.Segmentor with { Filters = [6, 8] } }, _folder["wider"]),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("The bundle street does not fit these options:")
                .And.Message.Contains("Train with the options that the bundle was trained with."));

        static float[][] Values(ModelBundle bundle, string role) =>
            [.. OnnxWeights.Read(bundle.ReadNetwork(role), role).Arrays.Select(array => array.Values)];
    }

    [Test]
    public void Options_of_a_bundle_are_those_it_was_trained_with_at_a_lower_rate()
    {
        var bundle = _job.Run(_options, _folder["run"]);

        var options = TrainingOptions.ContinuedFrom(bundle);

        Assert.That(options.Segmentor, Is.EqualTo(_options.Segmentor).Using<ResidualUNetOptions>(
            (a, b) => a.Filters.SequenceEqual(b.Filters) && a.InputChannels == b.InputChannels));
        Assert.That(options.SegmentorRate, Is.EqualTo(new LearningRateSchedule(6e-4, LearningRateDecay.Linear)));
        bundle.Training!["replayPoolSize"] = 50;
        Assert.That(() => TrainingOptions.ContinuedFrom(bundle), Throws.Nothing, "an option of another version");
        Assert.That(
            () => TrainingOptions.ContinuedFrom(bundle with { Training = null }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("does not record how it was trained"));
    }

    [Test]
    public void A_folder_that_another_training_writes_into_is_refused()
    {
        Exception? refused = null;
        var progress = new Reaction(value =>
        {
            if (value is TrainingIteration && refused is null)
                refused = Assert.Catch(() => _job.Run(_options, _folder["run"], resume: Resumption.Same));
        });
        _job.Run(_options, _folder["run"], progress);

        Assert.That(refused, Is.TypeOf<UserErrorException>().With.Message.Contains("writing to"));
        Assert.That(() => _job.Run(_options, _folder["run"], resume: Resumption.Same), Throws.Nothing, "when it is over");
    }

    [Test]
    public void Resuming_a_finished_run_trains_nothing()
    {
        var bundle = _job.Run(_options, _folder["run"]);
        var recorder = new Recorder();

        var again = _job.Run(_options, _folder["run"], recorder, Resumption.Same);

        Assert.That(recorder.Events.OfType<TrainingIteration>(), Is.Empty);
        Assert.That(again.ReadNetwork("S_real"), Is.EqualTo(bundle.ReadNetwork("S_real")));
    }

    [Test]
    public void With_only_a_damaged_checkpoint_the_training_says_that_it_begins_anew()
    {
        using var stop = new CancellationTokenSource();
        var first = new Reaction(value =>
        {
            if (value is CheckpointSaved)
                stop.Cancel();
        });
        Assert.Catch<OperationCanceledException>(
            () => _job.Run(_options with { KeptCheckpoints = 1 }, _folder["run"], first, cancellation: stop.Token));
        var checkpoint = Directory.GetFiles(_folder["run", TrainingRun.CheckpointsFolder], "*.zip").Single();
        File.WriteAllBytes(checkpoint, File.ReadAllBytes(checkpoint)[..100]);
        var recorder = new Recorder();

        _job.Run(_options with { KeptCheckpoints = 1 }, _folder["run"], recorder, Resumption.Same);

        Assert.That(recorder.Messages, Has.Some.Contains("is damaged or missing; there is no earlier one"));
        Assert.That(recorder.Messages, Has.Some.Contains("training starts again at iteration 0"));
        Assert.That(recorder.Events.OfType<TrainingIteration>().Count(), Is.EqualTo(2));
    }

    private sealed class Reaction(Action<WorkEvent> react) : IProgress<WorkEvent>
    {
        public void Report(WorkEvent value) => react(value);
    }
}
