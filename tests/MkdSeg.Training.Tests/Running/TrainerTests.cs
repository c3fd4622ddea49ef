using System.Diagnostics;
using MkdSeg.Common;
using MkdSeg.Training.Running;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Running;

public class TrainerTests
{
    [Test]
    public void Same_seed_gives_the_same_bits_and_another_seed_does_not()
    {
        var (first, again, other) =
            (HashAfterThreeIterations(7), HashAfterThreeIterations(7), HashAfterThreeIterations(8));

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void A_loss_that_is_not_finite_stops_with_the_iteration_and_the_network()
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
    public void Metrics_have_one_row_per_iteration()
    {
        var folder = Directory.CreateTempSubdirectory("mkdseg-").FullName;
        try
        {
            var options = TinyTraining.Options with { Iterations = 3 };
            using var mkd = TinyTraining.Mkd(options);
            TinyTraining.Trainer(mkd, options).Run(
                Path.Combine(folder, "metrics.csv"), new Recorder(), () => { });
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
    public void Stops_when_cancelled()
    {
        using var mkd = TinyTraining.Mkd();
        var trainer = TinyTraining.Trainer(mkd);
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();

        Assert.That(
            () => trainer.Run(null, new Recorder(), () => { }, cancellation: cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(trainer.Iteration, Is.Zero);
    }

    [Test]
    public void Observers_are_told_of_every_iteration_and_of_checkpoints()
    {
        var options = TinyTraining.Options with { Iterations = 5, CheckpointIterations = 2 };
        using var mkd = TinyTraining.Mkd(options);
        var recorder = new Recorder();
        var saved = 0;
        TinyTraining.Trainer(mkd, options).Run(null, recorder, () => saved++);

        var steps = recorder.Events.OfType<TrainingIteration>().ToList();
        Assert.That(steps.Select(step => step.Iteration), Is.EqualTo(new[] { 1, 2, 3, 4, 5 }));
        Assert.That(steps.Select(step => step.Iterations), Has.All.EqualTo(5));
        Assert.That(steps[0].Losses.Select(loss => loss.Name), Does.Contain("L_cyc_at").And.Contain("L_kd_sr"));
        Assert.That(steps[0].Rates.Segmentor, Is.EqualTo(options.SegmentorRate.Initial));
        var checkpoints = recorder.Events.OfType<CheckpointSaved>().Select(item => item.Iteration);
        Assert.That(checkpoints, Is.EqualTo(new long[] { 2, 4, 5 }), "the last one, so that a finished run is not resumed");
        Assert.That(saved, Is.EqualTo(3));
        var progress = recorder.Events.OfType<TrainingProgress>().Single();
        Assert.That((progress.Done, progress.Total, progress.TimeLeft), Is.EqualTo((5.0, 5.0, TimeSpan.Zero)));
        Assert.That(progress.Detail, Does.Match(@"^\d+\.\d\d it/s, L_adv_at \d+\.\d\d L_cyc_at "));
    }

    [Test]
    public void An_epoch_lasts_as_long_as_the_options_say()
    {
        var options = TinyTraining.Options with
        {
            Iterations = 9,
            EpochIterations = 2,
            SegmentorRate = new(1e-3, LearningRateDecay.StepEveryTwoEpochs),
        };
        using var mkd = TinyTraining.Mkd(options);
        var recorder = new Recorder();
        TinyTraining.Trainer(mkd, options).Run(null, recorder, () => { });

        // Two epochs of two iterations at each rate.
        Assert.That(
            recorder.Events.OfType<TrainingIteration>().Select(step => Math.Round(step.Rates.Segmentor, 9)),
            Is.EqualTo(new[] { 1e-3, 1e-3, 1e-3, 1e-3, 9e-4, 9e-4, 9e-4, 9e-4, 8.1e-4 }));
        Assert.That(
            (options with { EpochIterations = -1 }).Validate,
            Throws.TypeOf<Common.UserErrorException>().With.Message.Contains("An epoch of -1 iterations"));
    }

    [Test]
    public void Memory_stays_flat()
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
}
