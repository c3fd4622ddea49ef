using MkdSeg.Common;
using MkdSeg.Preprocessing;

namespace MkdSeg.Tests.Preprocessing;

public class PercentilesTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(101)]
    [TestCase(10_007)]
    public void AgreeWithASortedCopy(int count)
    {
        var random = new SeededRandom((ulong)count);
        // Both signs, many scales and ties.
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = i % 5 == 0 ? -3 : (float)(random.NextGaussian() * Math.Pow(10, random.Uniform(-3, 3)));
        double[] percentiles = [0, 0.5, 1, 37.7, 50, 98, 99.9, 100];

        var found = Percentiles.Of(values, percentiles);

        var sorted = values.Order().ToArray();
        var expected = percentiles.Select(p =>
        {
            var rank = p / 100 * (count - 1);
            var low = (int)rank;
            var high = Math.Min(low + 1, count - 1);
            return sorted[low] + ((rank - low) * ((double)sorted[high] - sorted[low]));
        });
        Assert.That(found, Is.EqualTo(expected).Within(1e-9));
    }

    [Test]
    public void InterpolateBetweenNeighbours() =>
        Assert.That(Percentiles.Of([4, 1, 3, 2], 50, 25, 90), Is.EqualTo(new[] { 2.5, 1.75, 3.7 }).Within(1e-12));

    [Test]
    public void LeaveOutNaN()
    {
        Assert.That(Percentiles.Of([float.NaN, 5, float.NaN, -5, -float.NaN], 0, 100), Is.EqualTo(new[] { -5.0, 5 }));
        Assert.That(Percentiles.Of([float.NaN], 50), Is.EqualTo(new[] { double.NaN }));
        Assert.That(Percentiles.Of([], 50), Is.EqualTo(new[] { double.NaN }));
    }

    [Test]
    public void RejectWhatIsNoPercentile() =>
        Assert.That(() => Percentiles.Of([1, 2], 101), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
