using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class MaskResamplerTests
{
    private const int Classes = 3;

    /// <summary>A ball in a ball, off the middle, on axes that run to the front, right and feet.</summary>
    private static readonly Volume<byte> Balls = DrawBalls(new(
        new(70, 60, 30), new(1.25, 1.25, 3), new(40, 35, 50), new(new(0, -1, 0), new(-1, 0, 0), new(0, 0, -1))));

    [TestCase(CropRule.Label)]
    [TestCase(CropRule.Whole)]
    [TestCase(CropRule.Centre)]
    public void EqualSpacingBringsBackEveryVoxel(CropRule crop)
    {
        var options = new PreprocessingOptions { InPlaneSpacingMm = 1.25, PatchSize = 64, Crop = crop };

        var restored = ThereAndBack(options);

        Assert.That(restored.Grid, Is.SameAs(Balls.Grid));
        Assert.That(restored.Voxels, Is.EqualTo(Balls.Voxels));
    }

    [TestCase(1.1)]
    [TestCase(1.4)]
    public void SimilarSpacingChangesLittle(double spacingMm)
    {
        var restored = ThereAndBack(new() { InPlaneSpacingMm = spacingMm, PatchSize = 64 });

        Assert.That(Dice.PerStructure(restored, Balls, Classes), Is.All.GreaterThan(0.97));
    }

    [Test]
    public void MasksAreTheSameInAnyOrientationOfTheOriginal(
        [Values("RPS", "LAS", "LPI", "RAI", "PLS", "SLP", "IPR", "AIL")] string code)
    {
        var grid = new Grid(new(7, 6, 5), new(1, 2, 3), new(4, 5, 6), Direction.Identity);
        var frame = new Grid(new(5, 7, 4), new(1.5, 1.5, 3), new(3, 6, 9), Direction.Identity);
        var probabilities = new ProbabilityVolume(frame, Classes, new float[frame.Size.VoxelCount * Classes]);
        for (var i = 0; i < probabilities.Values.Length; i++)
            probabilities.Values[i] = i * i % 101;
        var expected = Orientation.Reorient(MaskResampler.Resample(probabilities, grid), code);
        Assert.That(
            MaskResampler.Resample(probabilities, expected.Grid).Voxels, Is.EqualTo(expected.Voxels).AsCollection);
        Assert.That(expected.Voxels.Distinct().Count(), Is.EqualTo(Classes));
    }

    [Test]
    public void OutsideTheFrameThereIsBackground()
    {
        var frame = new Grid(new(2, 2, 1), new(1, 1, 1), new(1, 1, 1), Direction.Identity);
        var original = new Grid(new(4, 4, 3), new(1, 1, 1), default, Direction.Identity);
        var probabilities = new ProbabilityVolume(frame, 2, [0, 0, 0, 0, 1, 1, 1, 1]);

        var restored = MaskResampler.Resample(probabilities, original);

        Assert.That(restored.Voxels.Sum(v => v), Is.EqualTo(4));
        Assert.That(restored[1, 1, 1] + restored[2, 1, 1] + restored[1, 2, 1] + restored[2, 2, 1], Is.EqualTo(4));
    }

    [Test]
    public void BordersMoveToWhereProbabilitiesCross()
    {
        // P(1) is 0.2 in the left pixel and 0.6 in the right one, 4 mm apart: it passes 0.5 at 3 mm.
        var frame = new Grid(new(2, 1, 1), new(4, 4, 1), default, Direction.Identity);
        var original = new Grid(new(9, 1, 1), new(0.5, 0.5, 1), default, Direction.Identity);
        var probabilities = new ProbabilityVolume(frame, 2, [0.8f, 0.4f, 0.2f, 0.6f]);

        // Voxel 6 lies at 3 mm, up to rounding on the border itself.
        var restored = MaskResampler.Resample(probabilities, original).Voxels;

        Assert.That(restored[..6], Is.All.Zero);
        Assert.That(restored[7..], Is.All.EqualTo(1));
    }

    [Test]
    public void AnyClassCanWinBetweenPixels()
    {
        // 0 and 1 hold the two pixels; class 2 is second in both and first in the middle.
        var frame = new Grid(new(2, 1, 1), new(2, 2, 1), default, Direction.Identity);
        var original = new Grid(new(3, 1, 1), new(1, 1, 1), default, Direction.Identity);
        var probabilities = new ProbabilityVolume(frame, 3, [0.55f, 0, 0, 0.55f, 0.45f, 0.45f]);

        Assert.That(MaskResampler.Resample(probabilities, original).Voxels, Is.EqualTo(new byte[] { 0, 2, 1 }));
    }

    [Test]
    public void AFrameOfAnotherVolumeIsRejected()
    {
        var frame = new ProbabilityVolume(
            new Grid(new(2, 2, 2), new(1, 1, 2), default, Direction.Identity), 1, new float[8]);

        Assert.That(
            () => MaskResampler.Resample(frame, new Grid(new(9, 9, 9), new(1, 1, 3), default, Direction.Identity)),
            Throws.ArgumentException.With.Message.Contains("coincide"));
    }

    [Test]
    public void PreparingMapsIntensitiesOnTheSameFrame()
    {
        var image = new Volume<float>(Balls.Grid, [.. Balls.Voxels.Select(c => (100f * c) - 100)]);
        var options = new PreprocessingOptions
        {
            InPlaneSpacingMm = 1.25,
            PatchSize = 80,
            Window = new() { LowerValue = -100, UpperValue = 100 },
        };

        var (prepared, classes) = Preprocessor.PrepareLabelled(image, Balls, options);

        // Classes 0, 1, 2 have -100, 0, 100, which become -1, 0, 1; beyond the volume the frame holds -1.
        Assert.That(Orientation.Of(prepared.Grid), Is.EqualTo("LPS"));
        Assert.That(prepared.Voxels, Is.EqualTo(classes.Voxels.Select(c => c - 1f)).Within(1e-6f));
        Assert.That(classes.Voxels.Count(c => c == 2), Is.EqualTo(Balls.Voxels.Count(c => c == 2)));
    }

    private static Volume<byte> ThereAndBack(PreprocessingOptions options)
    {
        var image = new Volume<float>(Balls.Grid);
        var (prepared, classes) = Preprocessor.PrepareLabelled(image, Balls, options, sizeMultiple: 8);
        var frame = prepared.Grid;
        var probabilities = new ProbabilityVolume(frame, Classes, new float[classes.Voxels.Length * Classes]);
        for (var z = 0; z < frame.Size.Z; z++)
        {
            var source = classes.Slice(z);
            var slice = probabilities.Slice(z);
            for (var i = 0; i < source.Length; i++)
                slice[(source[i] * source.Length) + i] = 1;
        }

        return MaskResampler.Resample(probabilities, Balls.Grid);
    }

    private static Volume<byte> DrawBalls(Grid grid)
    {
        var volume = new Volume<byte>(grid);
        var centre = grid.ToPoint(new(34, 31, 16));
        for (var z = 0; z < grid.Size.Z; z++)
        {
            for (var y = 0; y < grid.Size.Y; y++)
            {
                for (var x = 0; x < grid.Size.X; x++)
                {
                    var distance = (grid.ToPoint(new(x, y, z)) - centre).Length;
                    volume[x, y, z] = (byte)(distance < 18 ? 2 : distance < 29 ? 1 : 0);
                }
            }
        }

        return volume;
    }
}
