using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;
using MkdSeg.Training.Running;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Tests.Data;

public class LocatorSamplerTests
{
    private const int Patch = 24;
    private const int Count = 60;
    private static readonly LocatorOptions Options = new()
    {
        PatchSize = Patch, Settings = new() { SpacingMm = 10, ContextSlices = 3, ContextStep = 1 },
    };

    [Test]
    public void Samples_are_in_range_labelled_and_partly_without_a_heart()
    {
        var (images, oneHot) = Draw(1);
        var pixels = Patch * Patch;
        Assert.That(images, Is.All.InRange(-1f, 1f));
        var (withHeart, heartPixels, brightness) = (0, 0, 0.0);
        for (var n = 0; n < Count; n++)
        {
            var other = oneHot.AsSpan(n * 2 * pixels, pixels);
            var heart = oneHot.AsSpan(((n * 2) + 1) * pixels, pixels);
            var any = false;
            for (var i = 0; i < pixels; i++)
            {
                Assert.That(other[i] + heart[i], Is.EqualTo(1));
                any |= heart[i] == 1;
                heartPixels += (int)heart[i];
                brightness += heart[i] * images[(((n * 3) + 1) * pixels) + i];
            }

            withHeart += any ? 1 : 0;
        }

        Assert.That(withHeart, Is.InRange(Count / 4, 3 * Count / 4));
        // 400 HU where all else is at most 0 HU: image and label lie in the same place.
        Assert.That(brightness / heartPixels, Is.InRange(0.5, 0.8));
    }

    [Test]
    public void One_seed_gives_one_sequence()
    {
        var first = Draw(1).Images;
        Assert.That(Draw(1).Images, Is.EqualTo(first));
        Assert.That(Draw(2).Images, Is.Not.EqualTo(first));
    }

    [Test]
    public void Cases_without_any_heart_are_refused() => Assert.That(
        () => new LocatorSampler([[Running.LocatorTrainingTests.Case(1, hasHeart: false)]], Options, new SeededRandom(1)),
        Throws.ArgumentException);

    [Test]
    public void A_volume_of_one_slice_can_be_drawn_from()
    {
        var grid = new Grid(new(20, 20, 1), new(10, 10, 10), default, Direction.Identity);
        var (image, heart) = (new Volume<float>(grid), new Volume<byte>(grid));
        heart.Voxels.AsSpan(150, 60).Fill(1);
        var sampler = new LocatorSampler([[new(image, heart)]], Options, new SeededRandom(1));
        var images = new float[4 * 3 * Patch * Patch];
        var oneHot = new float[4 * 2 * Patch * Patch];
        sampler.Draw(images, oneHot);
        Assert.That(oneHot.Sum(), Is.EqualTo(4 * Patch * Patch));
    }

    private static (float[] Images, float[] OneHot) Draw(ulong seed)
    {
        var images = new float[Count * 3 * Patch * Patch];
        var oneHot = new float[Count * 2 * Patch * Patch];
        new LocatorSampler(
            [[Running.LocatorTrainingTests.Case(1, hasHeart: true)], [Running.LocatorTrainingTests.Case(2, hasHeart: false)]],
            Options,
            new SeededRandom(seed)).Draw(images, oneHot);
        return (images, oneHot);
    }
}
