using MkdSeg.Common;
using MkdSeg.Phantom;
using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom.Internals;

[TestFixture]
public sealed class FramingTests
{
    private static readonly Lazy<PhantomAnatomy> Person =
        new(() => new(new SeededRandom(1), PhantomVariation.Default));

    [Test]
    public void CtIsStoredMostlyFromRightFrontFoot()
    {
        var framings = Choose(PhantomModality.Ct, PhantomSize.Small);
        var share = framings.Count(framing => framing.Stored.Direction == Direction.Identity) / (double)framings.Length;
        Assert.Multiple(() =>
        {
            Assert.That(share, Is.InRange(0.3, 0.9));
            Assert.That(framings.Select(f => f.Stored.SpacingMm.X).Distinct().Count(), Is.GreaterThan(5), "spacings");
            Assert.That(framings.Select(f => f.Stored.OriginMm).Distinct().Count(), Is.EqualTo(framings.Length));
        });
    }

    [Test]
    public void MrHasThickerSlicesInSeveralOrders()
    {
        var framings = Choose(PhantomModality.Mr, PhantomSize.Small);
        Assert.Multiple(() =>
        {
            Assert.That(framings.Average(f => f.Stored.SpacingMm.Z), Is.EqualTo(4).Within(0.3));
            Assert.That(framings.Select(f => Orientation.Of(f.Stored)).Distinct().Count(), Is.GreaterThanOrEqualTo(4));
        });
    }

    [TestCase(PhantomModality.Ct, PhantomSize.Small)]
    [TestCase(PhantomModality.Mr, PhantomSize.Small)]
    [TestCase(PhantomModality.Ct, PhantomSize.Full)]
    [TestCase(PhantomModality.Mr, PhantomSize.Full)]
    public void TheGridHoldsTheHeartAndDiffersFromTheStoredOneByItsOriginOnly(
        PhantomModality modality, PhantomSize size)
    {
        foreach (var framing in Choose(modality, size))
        {
            Assert.That(framing.Stored.Size, Is.EqualTo(framing.Anatomy.Size));
            Assert.That(framing.Stored.Direction, Is.EqualTo(framing.Anatomy.Direction));
            foreach (var corner in new[] { Person.Value.HeartLow, Person.Value.HeartHigh })
            {
                var index = framing.Anatomy.ToIndex(corner);
                for (var axis = 0; axis < 3; axis++)
                    Assert.That(index[axis], Is.InRange(0, framing.Anatomy.Size[axis] - 1));
            }
        }
    }

    [Test]
    public void FullCtIsAWholeThorax()
    {
        var grid = Choose(PhantomModality.Ct, PhantomSize.Full)[0].Stored;
        Assert.That((grid.Size.X, grid.Size.Y), Is.EqualTo((512, 512)));
        Assert.That(grid.Size.Z, Is.InRange(230, 270));
        Assert.That(grid.Size.X * grid.SpacingMm.X, Is.InRange(310, 400), "field of view, mm");
    }

    private static Framing[] Choose(PhantomModality modality, PhantomSize size) =>
        [.. Enumerable.Range(0, 20).Select(seed => Framing.Choose(
            Person.Value, new() { Modality = modality, Size = size }, new SeededRandom((ulong)seed)))];
}
