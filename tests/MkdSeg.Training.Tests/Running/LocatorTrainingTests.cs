using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.TestKit;
using MkdSeg.Training.Data;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Running;

public class LocatorTrainingTests
{
    private static readonly Device Cpu = new(DeviceType.CPU);

    private static readonly LabelSet Labels = new(
        [.. LabelSet.WholeHeart.Structures.Where(structure => structure.Name is "MYO" or "LA")]);

    private static readonly LocatorOptions Options = new()
    {
        Iterations = 40,
        BatchSize = 4,
        PatchSize = 16,
        Network = new() { Filters = [4, 8], Strides = [1, 2] },
        Settings = new() { SpacingMm = 10, ContextSlices = 3, ContextStep = 1 },
        PhantomThoraxes = 0,
        PhantomOthers = 0,
    };

    [Test]
    public void The_loss_falls_and_one_seed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var model = Train(1, folder.Path);
        double[] losses =
        [
            .. File.ReadAllLines(folder["locator.csv"]).Skip(1)
                .Select(row => double.Parse(row.Split(',')[^1], System.Globalization.CultureInfo.InvariantCulture)),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(losses, Has.Length.EqualTo(Options.Iterations));
            Assert.That(losses[^10..].Average(), Is.LessThan(0.6 * losses[..5].Average()));
            Assert.That(Train(1).Onnx.ToArray(), Is.EqualTo(model.Onnx.ToArray()), "the same seed");
            Assert.That(Train(2).Onnx.ToArray(), Is.Not.EqualTo(model.Onnx.ToArray()), "another seed");
            Assert.That(model.File.Role, Is.EqualTo(NetworkRoles.Locator));
            Assert.That(model.Settings, Is.EqualTo(Options.Settings));
        });
    }

    [Test]
    public void A_training_that_goes_on_from_a_checkpoint_ends_with_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder["checkpoints"], keep: 4);
        var straight = Train(1, checkpoints: checkpoints);
        var files = Directory.GetFiles(folder["checkpoints"], "*.zip").Order(StringComparer.Ordinal).ToArray();
        Assert.That(files, Has.Length.EqualTo(4));
        File.Delete(files[2]);
        File.Delete(files[3]);

        var recorder = new Recorder();
        var resumed = Train(1, checkpoints: checkpoints, progress: recorder);

        Assert.That(recorder.Messages, Has.Some.Contains("Resuming after iteration 20"));
        Assert.That(resumed.Onnx.ToArray(), Is.EqualTo(straight.Onnx.ToArray()));
    }

    [Test]
    public void Without_a_heart_there_is_nothing_to_train()
    {
        Assert.That(
            () => new LocatorTraining(Options, "CT", Labels, 1, Cpu).Run([], null, null, 1, new Recorder()),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no CT volume with a heart"));
    }

    [Test]
    public void A_run_exports_its_locator_and_the_same_segmentors_as_without_one()
    {
        using var folder = new TemporaryFolder();
        var options = TinyTraining.Options with { Method = "baseline", Iterations = 2 };
        var without = Run(options, folder["without"]);
        var with = Run(options with { Locator = Options with { Iterations = 2 } }, folder["with"]);
        Assert.Multiple(() =>
        {
            Assert.That(without.Locator, Is.Null);
            Assert.That(with.Networks.Select(network => network.Role), Is.EqualTo(new[] { "S_real", "locator" }));
            Assert.That(Weights(without), Has.Length.GreaterThan(5000));
            Assert.That(Weights(with), Is.EqualTo(Weights(without)));
            // The tiny training's window is that of CT, whose lower end is in Hounsfield units.
            Assert.That(with.Locator!.Window, Is.EqualTo(new LocatorSettings().Window));
            Assert.That(File.Exists(folder["with", "locator.csv"]));
        });
        var changed = LocatorModel.Of(with).AddTo(folder["without", "bundle"]);
        Assert.That(changed.ReadNetwork("S_real"), Is.EqualTo(without.ReadNetwork("S_real")));
        Assert.That(changed.Locator, Is.EqualTo(with.Locator));
        Assert.That(changed.ReadNetwork("locator"), Is.EqualTo(with.ReadNetwork("locator")));
    }

    [Test]
    public void A_bundle_without_a_locator_is_said_to_have_none()
    {
        using var folder = new TemporaryFolder();
        var bundle = Run(TinyTraining.Options with { Method = "baseline", Iterations = 1 }, folder.Path);
        Assert.That(() => LocatorModel.Of(bundle), Throws.TypeOf<UserErrorException>().With.Message.Contains("no locator"));
    }

    [Test]
    public void The_window_of_mr_is_the_segmentors()
    {
        var mr = Options.For(new() { Window = IntensityWindow.Mr });
        Assert.That(mr.Settings.Window, Is.EqualTo(IntensityWindow.Mr));
        Assert.That(Options.For(new() { Window = IntensityWindow.Ct }), Is.EqualTo(Options));
    }

    [Test]
    public void Options_that_make_no_sense_are_refused()
    {
        foreach (var (options, words) in new[]
        {
            (Options with { Iterations = -1 }, "A locator of -1 iterations"),
            (Options with { PatchSize = 15 }, "Locator: "),
            (Options with { Settings = new() { ContextSlices = 2 } }, "2 slices"),
        })
        {
            Assert.That(
                () => (TinyTraining.Options with { Locator = options }).Validate(),
                Throws.TypeOf<UserErrorException>().With.Message.Contains(words));
        }
    }

    private static LocatorModel Train(
        ulong seed, string? folder = null, CheckpointFolder? checkpoints = null, IProgress<WorkEvent>? progress = null)
    {
        LocatorCase[] cases = [.. Enumerable.Range(0, 3).Select(n => Case(n, hasHeart: n < 2))];
        return new LocatorTraining(Options, "CT", Labels, seed, Cpu)
            .Run(cases, folder, checkpoints, 10, progress ?? new Recorder());
    }

    private static ModelBundle Run(TrainingOptions options, string folder)
    {
        var source = new TrainingSource("tiny", "CT", "MR", Labels, options);
        LabelledVolume[] target = [.. Enumerable.Range(0, 2).Select(n => Volume(n, hasHeart: true))];
        return TrainingRun.Execute(
            source, TrainingData.OfVolumes(options, target, []), folder, Path.Combine(folder, "bundle"), new Recorder());
    }

    // What stands before the properties, the first of which is "labels": the graph with its weights. The properties hold the
    // training's options, which differ.
    private static byte[] Weights(ModelBundle bundle)
    {
        var bytes = bundle.ReadNetwork("S_real");
        return bytes[..bytes.AsSpan().LastIndexOf("labels"u8)];
    }

    internal static LocatorCase Case(int number, bool hasHeart)
    {
        var volume = Volume(number, hasHeart);
        return LocatorCase.Of(volume.Image, volume.Classes!, Options.Settings);
    }

    /// <summary>A bright ball in a block of soft tissue in air.</summary>
    private static LabelledVolume Volume(int number, bool hasHeart)
    {
        var random = new SeededRandom((ulong)number);
        var grid = new Grid(new(24, 22, 20), new(8, 8, 9), default, Direction.Identity);
        var (image, classes) = (new Volume<float>(grid), new Volume<byte>(grid));
        double cx = random.Uniform(9, 14), cy = random.Uniform(9, 13), cz = random.Uniform(8, 12);
        for (var z = 0; z < 20; z++)
        {
            for (var y = 0; y < 22; y++)
            {
                for (var x = 0; x < 24; x++)
                {
                    var r = Math.Sqrt(((x - cx) * (x - cx)) + ((y - cy) * (y - cy)) + ((z - cz) * (z - cz)));
                    var isHeart = hasHeart && r < 5;
                    var inside = x is > 2 and < 21 && y is > 2 and < 19;
                    image[x, y, z] = (float)((isHeart ? 400 : inside ? 0 : -1000) + (20 * random.NextGaussian()));
                    classes[x, y, z] = isHeart ? (byte)(r < 3 ? 1 : 2) : (byte)0;
                }
            }
        }

        return new($"case{number}", "CT", image, classes, []);
    }
}
