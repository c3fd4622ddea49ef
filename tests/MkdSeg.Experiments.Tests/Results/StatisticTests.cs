using MkdSeg.Experiments.Results;

namespace MkdSeg.Experiments.Tests.Results;

public class StatisticTests
{
    [Test]
    public void Deviation_is_that_of_a_sample()
    {
        // Deviations −2, 0, 2: (4 + 0 + 4) / 2 = 4.
        var statistic = Statistic.Of([3, 5, double.NaN, 7]);
        Assert.That(statistic, Is.EqualTo(new Statistic(5, 2, 3)));
    }

    [Test]
    public void One_value_has_no_deviation() => Assert.That(Statistic.Of([3]), Is.EqualTo(new Statistic(3, null, 1)));

    [Test]
    public void No_value_has_no_mean()
    {
        Assert.That(Statistic.Of([double.NaN]).Mean, Is.NaN);
        Assert.That(Statistic.Of([]).Count, Is.Zero);
    }
}
