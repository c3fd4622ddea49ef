using MkdSeg.Common;

namespace MkdSeg.Tests.Common;

public class SeededRandomTests
{
    [Test]
    public void FollowsThePublishedSequenceOfXoshiro256StarStar()
    {
        var random = new SeededRandom(new RandomState(0, 1, 2, 3, 4));

        ulong[] drawn = [.. Enumerable.Range(0, 6).Select(_ => random.NextUInt64())];

        // The test vector that the implementations of xoshiro256** share, for the state 1, 2, 3, 4.
        Assert.That(drawn, Is.EqualTo(new ulong[]
        {
            11520, 0, 1509978240, 1215971899390074240, 1216172134540287360, 607988272756665600,
        }));
    }

    [Test]
    public void ExpandsTheSeedBySplitMix64()
    {
        var state = new SeededRandom(1234567).State;

        Assert.That(
            new[] { state.S0, state.S1, state.S2, state.S3 },
            Is.EqualTo(new ulong[]
            {
                6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
            }));
    }

    [Test]
    public void ContinuesFromAStateInTheMiddleOfAGaussianPair()
    {
        var random = new SeededRandom(5);
        random.NextGaussian();
        var state = random.State;
        double[] expected = [random.NextGaussian(), random.NextDouble(), random.NextInt(1000)];

        var resumed = new SeededRandom(state);

        Assert.That(
            new[] { resumed.NextGaussian(), resumed.NextDouble(), resumed.NextInt(1000) }, Is.EqualTo(expected));
    }

    [Test]
    public void DerivedStreamsDependOnSeedAndNameOnly()
    {
        var random = new SeededRandom(5);
        var before = random.State;
        var early = random.Derive("noise").NextUInt64();
        Assert.That(random.State, Is.EqualTo(before), "deriving must not advance the parent");
        random.NextUInt64();

        Assert.That(random.Derive("noise").NextUInt64(), Is.EqualTo(early));
        ulong[] all =
        [
            early, new SeededRandom(5).NextUInt64(), random.Derive("pose").NextUInt64(), random.Derive(0).NextUInt64(),
            random.Derive(1).NextUInt64(), new SeededRandom(6).Derive("noise").NextUInt64(),
        ];
        Assert.That(all, Is.Unique);
    }

    [Test]
    public void IntegersAreUniform()
    {
        var random = new SeededRandom(1);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
            counts[random.NextInt(7)]++;

        // Standard deviation 93: five of them.
        Assert.That(counts, Is.All.InRange(10_000 - 465, 10_000 + 465));
        Assert.That(() => random.NextInt(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void RealNumbersHaveTheMomentsOfTheirDistributions()
    {
        var random = new SeededRandom(2);
        const int n = 100_000;
        var uniform = new double[n];
        var gaussian = new double[n];
        for (var i = 0; i < n; i++)
        {
            uniform[i] = random.Uniform(-2, 6);
            gaussian[i] = random.NextGaussian();
        }

        Assert.That(uniform, Is.All.InRange(-2, 6));
        Assert.That(uniform.Average(), Is.EqualTo(2).Within(0.05));
        Assert.That(gaussian.Average(), Is.EqualTo(0).Within(0.02));
        Assert.That(gaussian.Average(g => g * g), Is.EqualTo(1).Within(0.03));
        Assert.That(gaussian.Average(g => g * g * g * g), Is.EqualTo(3).Within(0.2));
        Assert.That(
            Enumerable.Range(0, 1000).Select(_ => random.NextSingle()),
            Is.All.GreaterThanOrEqualTo(0f).And.All.LessThan(1f));
    }

    [Test]
    public void ShuffleReachesEveryOrder()
    {
        var random = new SeededRandom(3);
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < 6000; i++)
        {
            int[] items = [1, 2, 3];
            random.Shuffle<int>(items);
            var key = string.Join("", items);
            counts[key] = counts.GetValueOrDefault(key) + 1;
        }

        Assert.That(counts, Has.Count.EqualTo(6));
        Assert.That(counts.Values, Is.All.InRange(850, 1150));
    }

    [Test]
    public void RejectsStatesThatNoStreamHas()
    {
        Assert.That(() => new SeededRandom(new RandomState(1, 0, 0, 0, 0)), Throws.ArgumentException);
        Assert.That(() => new SeededRandom(1).State = new SeededRandom(2).State, Throws.ArgumentException);
    }
}
