using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

public class DiceTests
{
    private static readonly Grid Grid = new(new(4, 2, 1), new(1, 1, 1), default, Direction.Identity);

    [Test]
    public void CountsEachStructureByHand()
    {
        // Class 1: 3 and 2 voxels, 2 common → 4/5. Class 2: 2 and 2, 1 common → 1/2. Class 3: only predicted → 0.
        // Class 4: nowhere → NaN.
        var predicted = new Volume<byte>(Grid, [1, 1, 1, 2, 2, 3, 0, 0]);
        var reference = new Volume<byte>(Grid, [1, 1, 2, 2, 0, 0, 0, 0]);

        Assert.That(Dice.PerStructure(predicted, reference, 5), Is.EqualTo(new[] { 0.8, 0.5, 0, double.NaN }));
    }

    [Test]
    public void RejectsSizesAndClassesThatDoNotFit()
    {
        var volume = new Volume<byte>(Grid, [1, 1, 1, 2, 2, 3, 0, 0]);
        var other = new Volume<byte>(new Grid(new(2, 4, 1), new(1, 1, 1), default, Direction.Identity));

        Assert.That(() => Dice.PerStructure(volume, other, 5), Throws.ArgumentException.With.Message.Contains("2×4×1"));
        Assert.That(
            () => Dice.PerStructure(volume, volume, 3),
            Throws.ArgumentException.With.Message.Contains("Class index 3"));
    }
}
