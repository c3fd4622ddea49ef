using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.Training.Data;

namespace MkdSeg.Training.Tests.Data;

public class SliceSamplerTests
{
    private const int Side = 8;

    [Test]
    public void Every_slice_comes_once_per_epoch_in_an_order_that_changes()
    {
        var sampler = new SliceSampler(Numbered(6), AugmentationOptions.None, Side, new SeededRandom(1));

        var epochs = Enumerable.Range(0, 8).Select(_ => Draw(sampler, 6)).ToArray();

        Assert.That(epochs, Has.All.EquivalentTo(new[] { 0, 1, 2, 3, 4, 5 }));
        Assert.That(epochs.Select(epoch => string.Join(',', epoch)).Distinct().Count(), Is.GreaterThan(4));
    }

    [Test]
    public void One_seed_gives_one_sequence()
    {
        var all = AugmentationOptions.Geometric with { FlipLeftRight = true, FlipFrontBack = true };
        float[] Sequence(ulong seed)
        {
            var sampler = new SliceSampler(Numbered(5), all, 6, new SeededRandom(seed));
            var images = new float[7 * 36];
            sampler.Draw(images, new float[7 * 36 * 2]);
            return images;
        }

        var (first, again, other) = (Sequence(3), Sequence(3), Sequence(4));

        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void Gamma_bends_intensities_between_the_ends_of_their_range()
    {
        var image = new float[Side * Side];
        (image[0], image[1]) = (-1, 1);
        var gamma = new AugmentationOptions(Gamma: 0.7);
        var middles = new List<float>();
        for (ulong seed = 0; seed < 40; seed++)
        {
            var sampler = new SliceSampler(
                new(Side, 2, [new(image, new byte[Side * Side])]), gamma, Side, new SeededRandom(seed));
            var (patch, _) = DrawOne(sampler);
            Assert.That((patch[0], patch[1]), Is.EqualTo((-1f, 1f)));
            middles.Add(patch[10]);
        }

        // The middle of the range, u = ½, becomes ½^γ with γ from e^−0.7 to e^0.7.
        Assert.That(middles, Has.All.InRange(2 * Math.Pow(0.5, Math.Exp(0.7)) - 1, 2 * Math.Pow(0.5, Math.Exp(-0.7)) - 1));
        Assert.That(middles.Max() - middles.Min(), Is.GreaterThan(0.5));
    }

    [Test]
    public void Strengthening_never_weakens()
    {
        var strong = (AugmentationOptions.FlipsAndRotations with { RotationDegrees = 90 }).Strengthened();

        Assert.That((strong.RotationDegrees, strong.Scale, strong.Gamma, strong.FlipLeftRight), Is.EqualTo((90, 0.25, 0.7, true)));
    }

    [Test]
    public void Without_augmentation_the_patch_is_the_middle_of_the_slice()
    {
        var image = new float[Side * Side];
        var classes = new byte[Side * Side];
        (image[(3 * Side) + 4], classes[(3 * Side) + 4]) = (0.5f, 1);
        var sampler = Single(image, classes, AugmentationOptions.None, patch: 4);

        var (patch, oneHot) = DrawOne(sampler);

        // The patch starts at pixel (2, 2) of the slice.
        Assert.That(patch[(1 * 4) + 2], Is.EqualTo(0.5f));
        Assert.That(patch.Count(value => value != 0), Is.EqualTo(1));
        Assert.That(oneHot[16 + (1 * 4) + 2], Is.EqualTo(1));
        Assert.That(oneHot.Take(16).Sum(), Is.EqualTo(15));
        Assert.That(oneHot.Skip(16).Sum(), Is.EqualTo(1));
    }

    [Test]
    public void Image_and_classes_move_together()
    {
        // Class 1 exactly where the image is bright: stays so under every geometric change, but for the rim.
        var (image, classes) = (new float[32 * 32], new byte[32 * 32]);
        for (var i = 0; i < image.Length; i++)
        {
            var inside = i % 32 is > 12 and < 22 && i / 32 is > 8 and < 22;
            (image[i], classes[i]) = inside ? (0.8f, (byte)1) : (-0.8f, (byte)0);
        }

        var options = new AugmentationOptions(
            RotationDegrees: 30, Scale: 0.2, ShiftPixels: 4, FlipLeftRight: true, FlipFrontBack: true);
        var sampler = new SliceSampler(new(32, 2, [new(image, classes)]), options, 24, new SeededRandom(9));
        for (var n = 0; n < 50; n++)
        {
            var (patch, oneHot) = DrawOne(sampler);
            var disagree = patch.Where((value, i) => value > 0 != (oneHot[patch.Length + i] > 0)).Count();
            Assert.That(disagree, Is.LessThan(30), "pixels where image and class disagree");
            Assert.That(patch.Count(value => value > 0), Is.GreaterThan(40));
        }
    }

    [Test]
    public void Outside_the_slice_is_dark_background()
    {
        var image = Enumerable.Repeat(0.5f, 16).ToArray();
        var classes = Enumerable.Repeat((byte)1, 16).ToArray();
        var sampler = new SliceSampler(
            new(4, 2, [new(image, classes)]), AugmentationOptions.None, 8, new SeededRandom(1));

        var (patch, oneHot) = DrawOne(sampler);

        Assert.That(patch[0], Is.EqualTo(-1));
        Assert.That(oneHot[0], Is.EqualTo(1));
        Assert.That(patch.Count(value => value == 0.5f), Is.EqualTo(16));
    }

    [Test]
    public void Intensities_stay_in_range()
    {
        var options = new AugmentationOptions(Contrast: 0.5, Brightness: 0.9);
        var sampler = new SliceSampler(Numbered(6), options, Side, new SeededRandom(2));
        var images = new float[60 * Side * Side];

        sampler.Draw(images, new float[images.Length * 2]);

        Assert.That(images, Has.All.InRange(-1f, 1f));
    }

    [Test]
    public void Flips_mirror_about_half_of_the_slices()
    {
        var image = new float[Side * Side];
        image[0] = 1; // one bright pixel in the upper left corner
        var sampler = Single(image, new byte[Side * Side], new AugmentationOptions(FlipLeftRight: true), Side);

        var places = Enumerable.Range(0, 200).Select(_ => Array.IndexOf(DrawOne(sampler).Patch, 1f)).ToArray();

        Assert.That(places.Distinct(), Is.EquivalentTo(new[] { 0, Side - 1 }));
        Assert.That(places.Count(place => place == 0), Is.InRange(70, 130));
    }

    [Test]
    public void Channels_move_together_and_ignored_pixels_have_no_class()
    {
        // Two channels of opposite sign; the left half is class 1, the right half ignored, and so is what lies outside.
        var (image, classes) = (new float[2 * 64], new byte[64]);
        for (var i = 0; i < 64; i++)
        {
            image[i] = i / 64f;
            image[64 + i] = -i / 64f;
            classes[i] = i % Side < 4 ? (byte)1 : LabelSet.IgnoredClass;
        }

        var dataset = new SliceDataset(Side, 2, [new(image, classes)], channels: 2)
        {
            OutsideClass = LabelSet.IgnoredClass,
        };
        var (patch, oneHot) = (new float[2 * 100], new float[2 * 100]);
        new SliceSampler(dataset, AugmentationOptions.None, 10, new SeededRandom(1)).Draw(patch, oneHot);

        // The patch reaches one pixel beyond the slice on every side.
        Assert.Multiple(() =>
        {
            Assert.That(patch[(1 * 10) + 1 + 3], Is.EqualTo(3 / 64f));
            Assert.That(patch[100 + (2 * 10) + 1 + 3], Is.EqualTo(-11 / 64f));
            Assert.That(patch[0], Is.EqualTo(-1));
            Assert.That(patch[100], Is.EqualTo(-1));
            Assert.That(oneHot.Take(100), Is.All.Zero);
            Assert.That(oneHot.Skip(100).Sum(), Is.EqualTo(32));
            Assert.That(oneHot[100 + 10 + 1], Is.EqualTo(1));
        });
    }

    [Test]
    public void A_dataset_refuses_slices_of_other_channels() =>
        Assert.That(
            () => new SliceDataset(2, 2, [new(new float[4], new byte[4])], channels: 3),
            Throws.ArgumentException.With.Message.Contains("3 values"));

    private static SliceSampler Single(float[] image, byte[] classes, AugmentationOptions options, int patch) =>
        new(new(Side, 2, [new(image, classes)]), options, patch, new SeededRandom(6));

    // Slice i has intensity i / 10 everywhere.
    private static SliceDataset Numbered(int count) => new(
        Side,
        2,
        [.. Enumerable.Range(0, count).Select(i =>
            new TrainingSlice([.. Enumerable.Repeat(i / 10f, Side * Side)], new byte[Side * Side]))]);

    private static int[] Draw(SliceSampler sampler, int count)
    {
        var images = new float[count * Side * Side];
        sampler.Draw(images, new float[images.Length * 2]);
        return [.. Enumerable.Range(0, count).Select(n => (int)Math.Round(images[n * Side * Side] * 10))];
    }

    private static (float[] Patch, float[] OneHot) DrawOne(SliceSampler sampler)
    {
        var patch = new float[sampler.PatchSize * sampler.PatchSize];
        var oneHot = new float[patch.Length * sampler.ClassCount];
        sampler.Draw(patch, oneHot);
        return (patch, oneHot);
    }
}
