using System.Diagnostics;
using MkdSeg.Common;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests;

public class TrainerTests
{
    [Test]
    public void SameSeedGivesTheSameBitsAndAnotherSeedDoesNot()
    {
        var (first, again, other) =
            (HashAfterThreeIterations(7), HashAfterThreeIterations(7), HashAfterThreeIterations(8));

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void ALossThatIsNotFiniteStopsWithTheIterationAndTheNetwork()
    {
        using var mkd = TinyTraining.Mkd();
        var trainer = TinyTraining.Trainer(mkd);
        trainer.Step();
        using (no_grad())
        {
            mkd.Distillation.S_real.Parameters.Values.fill_(float.NaN);
        }

        Assert.That(
            () => trainer.Step(),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("iteration 2").And.Message.Contains("S_"));
    }

    [Test]
    public void MetricsHaveOneRowPerIteration()
    {
        var folder = Directory.CreateTempSubdirectory("mkdseg-").FullName;
        try
        {
            var options = TinyTraining.Options with { Iterations = 3 };
            using var mkd = TinyTraining.Mkd(options);
            TinyTraining.Trainer(mkd, options).Run(folder, new SilentProgress(), () => { }, () => { });
            var rows = File.ReadAllLines(Path.Combine(folder, "metrics.csv"));

            Assert.That(rows, Has.Length.EqualTo(4));
            Assert.That(rows[0], Does.StartWith("iteration,stage,seconds,lr_segmentor,lr_adversarial,L_adv_at,"));
            Assert.That(rows.Select(row => row.Split(',').Length), Has.All.EqualTo(16));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void StopsWhenCancelled()
    {
        using var mkd = TinyTraining.Mkd();
        var trainer = TinyTraining.Trainer(mkd);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(
            () => trainer.Run(null, new SilentProgress(), () => { }, () => { }, cancellation: cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(trainer.Iteration, Is.Zero);
    }

    [Test]
    public void WatchersAreToldOfEveryIterationAndOfCheckpoints()
    {
        var options = TinyTraining.Options with { Iterations = 5, CheckpointIterations = 2 };
        using var mkd = TinyTraining.Mkd(options);
        var watcher = new Watcher();
        var saved = 0;
        TinyTraining.Trainer(mkd, options).Run(null, watcher, () => { }, () => saved++);

        Assert.That(watcher.Steps.Select(step => step.Iteration), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(watcher.Steps.Select(step => step.Iterations), Has.All.EqualTo(5));
        Assert.That(watcher.Steps[0].Losses.Select(loss => loss.Name), Does.Contain("L_cyc_at").And.Contain("L_kd_sr"));
        Assert.That(watcher.Steps[0].Rates.Segmentor, Is.EqualTo(options.SegmentorRate.Initial));
        Assert.That((watcher.Checkpoints, saved), Is.EqualTo((new List<long> { 2, 4 }, 2)));
    }

    [Test]
    public void MemoryStaysFlat()
    {
        using var mkd = TinyTraining.Mkd();
        var trainer = TinyTraining.Trainer(mkd);
        for (var i = 0; i < 60; i++)
        {
            trainer.Step();
        }

        var tensors = Tensor.TotalCount;
        var bytes = ResidentBytes();
        for (var i = 0; i < 200; i++)
        {
            trainer.Step();
        }

        Assert.That(Tensor.TotalCount, Is.EqualTo(tensors), "tensors that nothing disposed of");
        Assert.That(ResidentBytes(), Is.LessThan(bytes + (24 << 20)));
    }

    private static long ResidentBytes()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string HashAfterThreeIterations(ulong seed)
    {
        var options = TinyTraining.Options with { Seed = seed };
        using var mkd = TinyTraining.Mkd(options);
        var trainer = TinyTraining.Trainer(mkd, options);
        for (var i = 0; i < 3; i++)
        {
            trainer.Step();
        }

        return string.Concat(mkd.Networks.Select(network => network.Parameters.ToWeights().ComputeHash()));
    }

    private sealed class Watcher : ITrainingProgress
    {
        public List<IterationStatus> Steps { get; } = [];

        public List<long> Checkpoints { get; } = [];

        public void Say(string message)
        {
        }

        public void Report(TrainingStatus status)
        {
        }

        public void Stepped(IterationStatus status) => Steps.Add(status);

        public void Saved(long iteration) => Checkpoints.Add(iteration);
    }
}
