using MkdSeg.Cli.Display;

namespace MkdSeg.Cli.Tests.Display;

public class SparklineTests
{
    [Test]
    public void Blocks_go_from_the_lowest_to_the_highest_number() =>
        Assert.That(Sparkline.Of([0.7, 0.0, 0.35, 0.1], 16), Is.EqualTo("█▁▅▂"));

    [Test]
    public void The_last_ones_are_shown() => Assert.That(Sparkline.Of([9, 1, 2], 2), Is.EqualTo("▁█"));

    [Test]
    public void What_does_not_change_is_flat() => Assert.That(Sparkline.Of([3, 3], 16), Is.EqualTo("▁▁"));

    [Test]
    public void Nothing_is_nothing() => Assert.That(Sparkline.Of([], 16), Is.Empty);
}
