using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

public class ClassOverlapTests
{
    private static readonly Grid Grid = new(new(4, 2, 1), new(1, 1, 1), default, Direction.Identity);

    [Test]
    public void IntersectionsAndUnionsAreCountedByHand()
    {
        // Class 1: 2 of 3 in the union. Class 2: 1 of 3. Class 3: only predicted → 0. Class 4: nowhere → NaN.
        var overlap = new ClassOverlap(5);
        overlap.Add(
            new Volume<byte>(Grid, [1, 1, 1, 2, 2, 3, 0, 0]), new Volume<byte>(Grid, [1, 1, 2, 2, 0, 0, 0, 0]));

        var expected = new[] { 2.0 / 3, 1.0 / 3, 0, double.NaN };
        Assert.That(overlap.IntersectionOverUnion, Is.EqualTo(expected).Within(1e-15));
        var scores = SegmentationScores.Of("all", overlap);
        Assert.That(
            new ScoreTable(
                new LabelSet(LabelSet.WholeHeart.Structures.Take(4)), [scores], SegmentationMetric.IntersectionOverUnion).Mean,
            Is.EqualTo(1.0 / 3).Within(1e-15), "without the class that is nowhere");
    }

    [Test]
    public void PixelsThatTheAnnotationLeavesOpenDoNotCount()
    {
        const byte open = LabelSet.IgnoredClass;
        var overlap = new ClassOverlap(3);
        overlap.Add(
            new Volume<byte>(Grid, [1, 1, 1, 2, 2, 2, 0, 0]), new Volume<byte>(Grid, [1, open, 2, 2, open, open, 1, open]));

        Assert.That(overlap.IntersectionOverUnion, Is.EqualTo(new[] { 1.0 / 3, 0.5 }).Within(1e-15));
    }

    [Test]
    public void SeveralCasesTogetherAreOneOfAllTheirVoxels()
    {
        var (one, both) = (new ClassOverlap(2), new ClassOverlap(2));
        one.Add(new Volume<byte>(Grid, [1, 1, 1, 1, 0, 0, 0, 0]), new Volume<byte>(Grid, [1, 1, 1, 1, 1, 1, 0, 0]));
        both.Add(new Volume<byte>(Grid, [0, 0, 0, 0, 0, 0, 0, 1]), new Volume<byte>(Grid, [0, 0, 0, 0, 0, 0, 1, 0]));
        both.Add(one);

        // 4 of 6 and 0 of 2: 4 of 8, while the mean of the cases is 1/3.
        Assert.That(both.IntersectionOverUnion, Is.EqualTo(new[] { 0.5 }));
    }

    [Test]
    public void OfOneCaseItFollowsFromDice()
    {
        var random = new SeededRandom(11);
        var grid = new Grid(new(20, 15, 4), new(1, 1, 1), default, Direction.Identity);
        for (var n = 0; n < 20; n++)
        {
            var (predicted, reference) = (new Volume<byte>(grid), new Volume<byte>(grid));
            for (var i = 0; i < predicted.Voxels.Length; i++)
            {
                reference.Voxels[i] = (byte)random.NextInt(6);
                predicted.Voxels[i] = random.NextInt(3) == 0 ? (byte)random.NextInt(6) : reference.Voxels[i];
            }

            var scores = SegmentationScores.Compare("case", predicted, reference, 7);
            Assert.That(
                scores.Values(SegmentationMetric.IntersectionOverUnion),
                Is.EqualTo(scores.Dice.Select(dice => dice / (2 - dice))).Within(1e-12));
        }
    }
}
