using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Running;

/// <summary>Runs that validate: what is measured, and which model becomes the bundle.</summary>
public class ValidatedRunTests
{
    private static readonly LabelSet Labels = new(
        [.. LabelSet.WholeHeart.Structures.Where(structure => structure.Name is "MYO" or "LA")]);

    private static readonly TrainingOptions Options = TinyTraining.Options with
    {
        Iterations = 24,
        Target = TinyTraining.Options.Target with { InPlaneSpacingMm = 8 },
        Assistant = TinyTraining.Options.Assistant with { InPlaneSpacingMm = 8 },
        Validation = new() { Iterations = 5 },
        EventIterations = 8,
    };

    [Test]
    public void The_bundle_is_the_best_model_and_the_last_lies_beside()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { SegmentorRate = new(2e-2, LearningRateDecay.Constant) };
        var bundle = Run(options, folder.Path);
        var rows = File.ReadAllLines(folder["validation.csv"]);
        Assert.That(rows[0], Is.EqualTo("iteration,prediction,MYO,LA,mean"));
        var ensemble = rows.Skip(1).Select(row => row.Split(',')).Where(row => row[1] == "ensemble").ToArray();
        Assert.That(ensemble.Select(row => row[0]), Is.EqualTo(new[] { "5", "10", "15", "20", "24" }));

        var means = ensemble.Select(row => double.Parse(row[4], CultureInfo.InvariantCulture)).ToArray();
        var best = int.Parse(ensemble[Array.IndexOf(means, means.Max())][0], CultureInfo.InvariantCulture);
        var reference = Run(options with { Validation = new() }, folder["straight"], stopAfter: best);
        Assert.That(Weights(bundle), Is.EqualTo(reference));
        var last = ModelBundle.Load(folder[TrainingRun.LastFolder]);
        Assert.That(Weights(last), Is.EqualTo(Weights(Run(options with { Validation = new() }, folder["last"]))));
    }

    [Test]
    public void A_run_records_the_device_and_the_versions_in_use()
    {
        using var folder = new TemporaryFolder();
        var options = Options with { Iterations = 1, Validation = new(), Device = DeviceKind.Auto };
        var bundle = Run(options, folder.Path);

        var used = cuda.is_available() ? DeviceKind.Cuda : DeviceKind.Cpu;
        var recorded = StrictJson.Load<TrainingOptions>(folder[TrainingRun.ConfigurationFile]);
        Assert.That(recorded.Device, Is.EqualTo(used));
        Assert.That((string?)bundle.Training!["device"], Is.EqualTo(used == DeviceKind.Cuda ? "cuda" : "cpu"));
        Assert.That(TrainingRun.ChangedOptions(folder.Path, options), Is.Empty, "The same command resumes it.");
        Assert.That(
            File.ReadAllText(Repository.File("Directory.Packages.props")),
            Does.Contain($"Include=\"TorchSharp-cpu\" Version=\"{bundle.ToolVersions["TorchSharp"]}\""));
    }

    [Test]
    public void Averaged_weights_are_what_is_exported()
    {
        using var folder = new TemporaryFolder();
        var plain = Run(Options with { Validation = new() }, folder["plain"]);
        var averaged = Run(Options with { Validation = new(), AverageDecay = 0.9 }, folder["averaged"]);
        Assert.That(Weights(averaged), Is.Not.EqualTo(Weights(plain)));
        Assert.That(
            averaged.ReadNetwork(NetworkRoles.GeneratorToTarget).Length,
            Is.GreaterThan(0), "generators are exported as they are");
    }

    [Test]
    public void Scores_are_dice_in_three_dimensions_of_each_segmentor_and_of_their_mean()
    {
        using var scope = NewDisposeScope();
        using var method = TinyTraining.Method("mkd");
        var segmentors = method.Networks.Where(network => NetworkRoles.IsSegmentor(network.Role)).ToArray();
        var volume = Volume(5);
        var prepared = ValidationVolume.Of(volume.CaseId, volume.Image, volume.Classes!, Options.Target);
        var found = new Validator([prepared], 3, batchSize: 3, SliceContext.None).Score(segmentors, new Device(DeviceType.CPU));
        Assert.That(found.Select(score => score.Prediction), Is.EqualTo(new[] { "S_syn", "S_real", "ensemble" }));

        var size = prepared.Image.Grid.Size;
        var x = tensor(prepared.Image.Voxels, [size.Z, 1, size.Y, size.X]);
        var p = segmentors.Select(segmentor => segmentor.PredictWithoutGradient(x).P).ToArray();
        foreach (var (probabilities, score) in new[] { p[0], p[1], p[0].add(p[1]) }.Zip(found))
        {
            var mask = probabilities.argmax(1).to_type(ScalarType.Byte).contiguous().data<byte>().ToArray();
            var expected = Dice.PerStructure(new(prepared.Classes.Grid, mask), prepared.Classes, 3);
            Assert.That(score.Dice, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Event_files_have_losses_dice_and_pictures()
    {
        using var folder = new TemporaryFolder();
        Run(Options, folder.Path);
        var text = string.Concat(Directory.GetFiles(folder["events"]).Select(file =>
            System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        foreach (var tag in new[] { "loss/L_cyc_at", "Dice ensemble/mean", "Dice S_syn/LA", "x_at", "S_real(x_t)" })
            Assert.That(text, Does.Contain(tag));
        Assert.That(text.Split("PNG").Length - 1, Is.EqualTo(3 * 4), "x_t, x_a, x_at and classes after 8, 16 and 24");
    }

    [Test]
    public void Without_volumes_to_validate_on_it_says_so()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            () => TrainingRun.Execute(
                new("tiny", "CT", "MR", Labels, Options),
                TrainingData.OfVolumes(Options, [Volume(0)], [Volume(1)]),
                folder.Path,
                folder["bundle"],
                new Recorder()),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("Validation was requested"));
    }

    [Test]
    public void An_estimate_counts_and_times_and_writes_nothing()
    {
        var options = Options with { Validation = new() };
        var estimate = TrainingRun.Estimate(
            new("tiny", "CT", "MR", Labels, options), Data(options), new Recorder());
        Assert.Multiple(() =>
        {
            Assert.That(estimate.TargetSlices, Is.GreaterThan(10));
            Assert.That(estimate.AssistantSlices, Is.GreaterThan(10));
            Assert.That(estimate.Networks.Select(network => network.Role), Does.Contain("S_syn").And.Contain("D_t"));
            Assert.That(estimate.Iterations, Is.EqualTo(24));
            Assert.That(estimate.SecondsPerIteration, Is.GreaterThan(0));
        });
    }

    [Test]
    public void Warnings_of_the_readers_are_passed_on()
    {
        var recorder = new Recorder();
        LabelledVolume[] volumes = [.. Enumerable.Range(0, 3).Select(n => Volume(n) with { Warnings = [$"warning {n}"] })];
        using var run = new TrainingRun(
            new("tiny", "CT", "MR", Labels, Options),
            TrainingData.OfVolumes(Options, [volumes[0]], [volumes[1]], [volumes[2]]),
            recorder);

        Assert.That(recorder.Messages, Is.SupersetOf(new[] { "warning 0", "warning 1", "warning 2" }));
    }

    [Test]
    public void A_case_that_cannot_be_used_is_named([Values] bool isAnnotated)
    {
        var volume = Volume(7);
        volume = volume with { Classes = isAnnotated ? new Volume<byte>(volume.Image.Grid) : null };

        Assert.That(
            () => new TrainingRun(
                new("tiny", "CT", "MR", Labels, Options), TrainingData.OfVolumes(Options, [volume], []), new Recorder()),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("ase case7"));
    }

    private static TrainingData Data(TrainingOptions options) => TrainingData.OfVolumes(
        options, [Volume(0), Volume(1)], [Volume(2), Volume(3)], [Volume(4)]);

    private static ModelBundle Run(TrainingOptions options, string folder) => TrainingRun.Execute(
        new("tiny", "CT", "MR", Labels, options), Data(options), folder, Path.Combine(folder, "bundle"), new Recorder());

    // The weights after some iterations of a run that goes on.
    private static string[] Run(TrainingOptions options, string folder, int stopAfter)
    {
        using var run = new TrainingRun(new("tiny", "CT", "MR", Labels, options), Data(options), new Recorder());
        for (var i = 0; i < stopAfter; i++)
            run.Trainer.Step();
        return Weights(run.Export(Path.Combine(folder, "bundle")));
    }

    // The graph with its weights: what stands before the properties, the first of which is "labels".
    private static string[] Weights(ModelBundle bundle) =>
    [
        .. bundle.Networks.Where(network => NetworkRoles.IsSegmentor(network.Role)).Select(network =>
        {
            var bytes = bundle.ReadNetwork(network.Role);
            return Convert.ToHexString(bytes[..bytes.AsSpan().LastIndexOf("labels"u8)]);
        }),
    ];

    /// <summary>A bright ball in soft tissue.</summary>
    private static LabelledVolume Volume(int number)
    {
        var random = new SeededRandom((ulong)number);
        var grid = new Grid(new(24, 22, 20), new(8, 8, 9), default, Direction.Identity);
        var (image, classes) = (new Volume<float>(grid), new Volume<byte>(grid));
        double cx = random.Uniform(9, 14), cy = random.Uniform(9, 13), cz = random.Uniform(8, 12);
        for (var i = 0; i < image.Voxels.Length; i++)
        {
            var (x, y, z) = (i % 24, i / 24 % 22, i / (24 * 22));
            var r = Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)) + ((z - cz) * (z - cz)));
            classes.Voxels[i] = r < 3 ? (byte)1 : r < 5 ? (byte)2 : (byte)0;
            image.Voxels[i] = (float)((r < 3 ? 400 : r < 5 ? 200 : -200) + (20 * random.NextGaussian()));
        }

        return new($"case{number}", number is 2 or 3 ? "MR" : "CT", image, classes, []);
    }
}
