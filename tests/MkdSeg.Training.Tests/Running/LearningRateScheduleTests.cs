using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class LearningRateScheduleTests
{
    [TestCase(LearningRateDecay.Constant, 999, 1.0)]
    [TestCase(LearningRateDecay.Linear, 0, 1.0)]
    [TestCase(LearningRateDecay.Linear, 750, 0.25)]
    [TestCase(LearningRateDecay.Cosine, 500, 0.5)]
    [TestCase(LearningRateDecay.Cosine, 250, 0.853553390593)] // ½ (1 + cos 45°)
    [TestCase(LearningRateDecay.LinearInSecondHalf, 499, 1.0)]
    [TestCase(LearningRateDecay.LinearInSecondHalf, 750, 0.5)]
    [TestCase(LearningRateDecay.LinearInSecondHalf, 1000, 0.0)]
    [TestCase(LearningRateDecay.StepEveryTwoEpochs, 19, 1.0)]
    [TestCase(LearningRateDecay.StepEveryTwoEpochs, 20, 0.9)]
    [TestCase(LearningRateDecay.StepEveryTwoEpochs, 59, 0.81)]
    public void Factor_follows_the_definition(LearningRateDecay decay, long iteration, double factor)
    {
        var schedule = new LearningRateSchedule(2e-4, decay);

        Assert.That(
            schedule.At(iteration, iterations: 1000, iterationsPerEpoch: 10), Is.EqualTo(2e-4 * factor).Within(1e-14));
    }

    [Test]
    public void Every_decay_starts_at_the_initial_rate_and_never_rises([Values] LearningRateDecay decay)
    {
        var schedule = new LearningRateSchedule(1e-3, decay);
        var rates = Enumerable.Range(0, 101).Select(i => schedule.At(i, 100, 7)).ToArray();

        Assert.That(rates[0], Is.EqualTo(1e-3));
        Assert.That(rates, Is.Ordered.Descending);
        Assert.That(rates, Has.All.GreaterThanOrEqualTo(0));
    }
}
