using MkdSeg.Common;
using MkdSeg.TestKit;
using MkdSeg.Training.Data;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Running;

/// <summary>A training that goes on from a checkpoint ends with the bits of one that was never stopped.</summary>
public class ResumptionTests
{
    private static readonly Device Cpu = new(DeviceType.CPU);

    [Test]
    public void Every_method_ends_with_the_same_bits([ValueSource(nameof(MethodNames))] string name) =>
        EndsWithTheSameBits(name, Precision.Fp32);

    [Test]
    public void So_it_does_in_mixed_precision() => EndsWithTheSameBits("mkd", Precision.Mixed);

    private static void EndsWithTheSameBits(string name, Precision precision)
    {
        const int Before = 5;
        const int After = 4;
        var options = TinyTraining.Options with
        {
            Method = name,
            Precision = precision,
            Iterations = Before + 1, // methods of two stages change stage after the restart
            Mkd = new(ImagePoolSize: 3),
            Augmentation = AugmentationOptions.Geometric,
        };
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path, keep: 1);

        using var straight = new Run(options);
        straight.Steps(Before + After);
        using (var stopped = new Run(options))
        {
            stopped.Steps(Before);
            checkpoints.Save(Before, stopped.States);
        }

        using var resumed = new Run(options);
        resumed.Steps(2); // whatever has happened before must not matter
        Assert.That(checkpoints.Restore(resumed.States, Cpu, _ => { }), Is.True);
        resumed.Steps(After);

        Assert.That(resumed.Trainer.Iteration, Is.EqualTo(straight.Trainer.Iteration));
        Assert.That(resumed.Hash(), Is.EqualTo(straight.Hash()));
    }

    [Test]
    public void Another_precision_forbids_to_go_on_and_another_device_does_not()
    {
        using var folder = new TemporaryFolder();
        StrictJson.Save(folder[TrainingRun.ConfigurationFile], TinyTraining.Options);

        Assert.That(
            TrainingRun.ChangedOptions(folder.Path, TinyTraining.Options with { Precision = Precision.Mixed }),
            Is.EqualTo(new[] { "precision: \"fp32\" before, \"mixed\" now" }));
        Assert.That(
            TrainingRun.ChangedOptions(folder.Path, TinyTraining.Options with { Device = DeviceKind.Cuda }), Is.Empty);
    }

    [Test]
    public void A_damaged_checkpoint_is_noticed_and_the_one_before_is_taken()
    {
        using var folder = new TemporaryFolder();
        var checkpoints = new CheckpointFolder(folder.Path, keep: 2);
        using var run = new Run(TinyTraining.Options);
        for (var i = 0; i < 3; i++)
        {
            run.Steps(1);
            checkpoints.Save(run.Trainer.Iteration, run.States);
        }

        var files = Directory.GetFiles(folder.Path, "*.zip").Order(StringComparer.Ordinal).ToArray();
        Assert.That(files, Has.Length.EqualTo(2), "the oldest goes");
        var bytes = File.ReadAllBytes(files[1]);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(files[1], bytes);
        var said = new List<string>();

        Assert.That(checkpoints.Restore(run.States, Cpu, said.Add), Is.True);
        Assert.That(run.Trainer.Iteration, Is.EqualTo(2));
        Assert.That(said[0], Does.Contain(files[1]).And.Contain("damaged"));
    }

    [Test]
    public void An_archive_that_the_index_does_not_name_is_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(Path.Combine(folder.Path, "iteration-00000007.zip"), [1, 2, 3]);
        using var run = new Run(TinyTraining.Options);

        Assert.That(new CheckpointFolder(folder.Path, keep: 1).Restore(run.States, Cpu, _ => { }), Is.False);
    }

    private static IEnumerable<string> MethodNames() => TrainingMethods.All.Select(method => method.Name);

    private sealed class Run : IDisposable
    {
        private readonly ITrainingMethod _method;
        private readonly NetworkFactory _networks;

        public Run(TrainingOptions options)
        {
            _networks = new(options, TinyTraining.ClassCount, Cpu);
            _method = TrainingMethods.Find(options.Method).Create(_networks);
            Trainer = TinyTraining.Trainer(_method, options);
        }

        public Trainer Trainer { get; }

        public KeyValuePair<string, ICheckpointed>[] States => [new("trainer", Trainer), .. _networks.Made];

        public void Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Trainer.Step();
            }
        }

        public string Hash() =>
            string.Concat(_method.Networks.Select(network => network.Parameters.ToWeights().ComputeHash()));

        public void Dispose() => _method.Dispose();
    }
}
