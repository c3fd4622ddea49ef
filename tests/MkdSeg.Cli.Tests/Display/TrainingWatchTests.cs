using MkdSeg.Bundles;
using MkdSeg.Cli.Display;
using MkdSeg.Common;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Tests.Display;

public class TrainingWatchTests
{
    private readonly ManualClock _clock = new();

    [Test]
    public void Speed_and_time_left_follow_the_iterations()
    {
        var watch = new TrainingWatch("Train mkd", _clock);
        Assert.That(watch.Look(TrainingPhase.Running).Advance, Is.Null);
        for (var i = 1; i <= 10; i++)
        {
            _clock.Pass(2);
            watch.Report(Step(i, new LossValue(NetworkRoles.SReal, "L_sup_real", i)));
        }

        var state = watch.Look(TrainingPhase.Running);
        Assert.That(state.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(20)));
        Assert.That(state.Advance!.PerSecond, Is.EqualTo(0.5));
        Assert.That(state.Advance.TimeLeft, Is.EqualTo(TimeSpan.FromSeconds(180)));
        Assert.That((state.Advance.Losses[0].Latest, state.Advance.Losses[0].Mean), Is.EqualTo((10.0, 5.5)).Within(1e-9));
        _clock.Pass(1.5);
        Assert.That(
            watch.Look(TrainingPhase.Running).Advance!.TimeLeft, Is.EqualTo(TimeSpan.FromSeconds(178.5)), "It runs on.");
        _clock.Pass(1000);
        Assert.That(watch.Look(TrainingPhase.Running).Advance!.TimeLeft, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_new_stage_has_its_own_losses_and_speed()
    {
        var watch = new TrainingWatch("Train mkd", _clock);
        for (var i = 1; i <= 500; i++)
        {
            _clock.Pass(0.01);
            watch.Report(Step(i, new LossValue(NetworkRoles.Locator, "L_locator", 1)) with { Stage = "locator" });
        }

        Assert.That(watch.Look(TrainingPhase.Running).Advance!.HasAdversaries, Is.False);
        for (var i = 1; i <= 2; i++)
        {
            _clock.Pass(4);
            watch.Report(Step(
                i,
                new LossValue(NetworkRoles.GeneratorToTarget, "L_cyc_at", 3),
                new LossValue(NetworkRoles.SSyn, "L_kd_rs", 2)));
        }

        var now = watch.Look(TrainingPhase.Running).Advance!;
        Assert.That(now.Losses.Select(loss => loss.Name), Is.EqualTo(new[] { "L_cyc_at", "L_kd_rs" }));
        Assert.That((now.PerSecond, now.Stage, now.HasAdversaries), Is.EqualTo((0.25, (string?)null, true)));
    }

    [Test]
    public void Messages_are_given_once()
    {
        var watch = new TrainingWatch("Train mkd", _clock);
        watch.Report(new WorkInfo("a"));
        watch.Report(new WorkInfo("b"));
        Assert.That(watch.TakeMessages(), Is.EqualTo(new[] { "a", "b" }));
        Assert.That(watch.TakeMessages(), Is.Empty);
    }

    [Test]
    public void Validation_best_and_checkpoint_are_kept()
    {
        var watch = new TrainingWatch("Train mkd", _clock);
        watch.Report(new ValidationDone(100, ["MYO"], [new(NetworkRoles.SReal, [0.7])], 100, 0.7));
        watch.Report(new ValidationDone(200, ["MYO"], [new(NetworkRoles.SReal, [0.6])], 100, 0.7));
        watch.Report(new CheckpointSaved(250, 250));
        watch.Report(Step(201));
        Assert.That(watch.Look(TrainingPhase.Running).SavedIteration, Is.Null, "the locator's, which is trained before");
        watch.Report(new CheckpointSaved(200, 100));
        var state = watch.Look(TrainingPhase.Running);
        Assert.That(state.SavedIteration, Is.EqualTo(200));
        Assert.That(
            (state.Validation!.Iteration, state.Validation.BestIteration, state.Validation.BestMeanDice),
            Is.EqualTo((200, 100, 0.7)));
    }

    private static TrainingIteration Step(long iteration, params LossValue[] losses) =>
        new(null, iteration, 100, new(1e-3, 2e-3), losses);
}
