using MkdSeg.Training.Running;

namespace MkdSeg.Training.Tests.Running;

public class BestModelTests
{
    [Test]
    public void The_highest_mean_of_the_last_prediction_wins_and_of_equal_ones_the_earlier()
    {
        var best = new BestModel();
        bool[] taken =
        [
            best.Offer(10, [new("S_syn", [0.9, 0.9]), new("ensemble", [0.2, 0.4])]),
            best.Offer(20, [new("S_syn", [0.1, 0.1]), new("ensemble", [0.5, double.NaN])]),
            best.Offer(30, [new("S_syn", [1, 1]), new("ensemble", [0.5, 0.5])]),
            best.Offer(40, [new("S_syn", [1, 1]), new("ensemble", [double.NaN, double.NaN])]),
        ];
        Assert.That(taken, Is.EqualTo(new[] { true, true, false, false }));
        Assert.That((best.Iteration, best.MeanDice), Is.EqualTo((20L, 0.5)));
    }
}
