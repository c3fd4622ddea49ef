using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class InPlaneResamplerTests
{
    [Test]
    public void InterpolatesLinearlyWhenUpsampling()
    {
        var volume = Volume(new(3, 2, 1), 1, 0f, 10, 20, 100, 110, 120);
        // Quarter steps from the middle of the first gap, halfway between the rows.
        var frame = new Grid(new(3, 1, 1), new(0.25, 0.25, 1), new(0.5, 0.5, 0), Direction.Identity);

        Assert.That(
            InPlaneResampler.Resample(volume, frame, -1).Voxels, Is.EqualTo(new[] { 55f, 57.5f, 60 }).Within(1e-4f));
    }

    [Test]
    public void AveragesWithATriangleWhenDownsampling()
    {
        // Spacing 2 on 1: weights ½ 1 ½ (over 2) around each position; at the left end 1 ½ (over 1.5).
        var volume = Volume(new(5, 1, 1), 1, 0f, 12, 0, 0, 0);
        var frame = new Grid(new(3, 1, 1), new(2, 2, 1), default, Direction.Identity);

        Assert.That(
            InPlaneResampler.Resample(volume, frame, -1).Voxels, Is.EqualTo(new[] { 4f, 3, 0 }).Within(1e-5f));
    }

    [Test]
    public void DownsamplingAveragesNoise()
    {
        var random = new SeededRandom(1);
        var volume = new Volume<float>(new Grid(new(128, 128, 1), new(1, 1, 1), default, Direction.Identity));
        foreach (ref var value in volume.Voxels.AsSpan())
            value = (float)random.NextGaussian();
        var frame = new Grid(new(30, 30, 1), new(4, 4, 1), new(4, 4, 0), Direction.Identity);

        var variance = InPlaneResampler.Resample(volume, frame, 0).Voxels.Average(v => v * v);

        // Σw² of the triangle (1…4…1)/16 is 44/256 = 0.172 per axis; squared for two axes.
        Assert.That(variance, Is.EqualTo(0.0295).Within(0.004));
    }

    [Test]
    public void KeepsConstantsAndFillsTheOutside()
    {
        var volume = Volume(new(4, 4, 2), 1, [.. Enumerable.Repeat(7f, 32)]);
        var frame = new Grid(new(6, 6, 4), new(1.5, 1.5, 1), new(-3, -3, -1), Direction.Identity);

        var result = InPlaneResampler.Resample(volume, frame, -5);

        for (var z = 0; z < 4; z++)
        {
            for (var y = 0; y < 6; y++)
            {
                for (var x = 0; x < 6; x++)
                {
                    // Half a voxel beyond the outermost centres still belongs to the volume.
                    var inside = z is 1 or 2 && x is >= 2 and <= 4 && y is >= 2 and <= 4;
                    Assert.That(result[x, y, z], Is.EqualTo(inside ? 7f : -5f).Within(1e-5f), $"({x}, {y}, {z})");
                }
            }
        }
    }

    [Test]
    public void LabelsTakeTheMajorityOfTheWeights()
    {
        // Weights ½ 1 ½ around voxel 2: class 3 has 1, class 1 has ½ + ½: a tie, which the lower class wins.
        var tie = new Volume<byte>(Row(5), [0, 1, 3, 1, 0]);
        var clear = new Volume<byte>(Row(5), [0, 1, 3, 3, 0]);
        var frame = new Grid(new(1, 1, 1), new(2, 2, 1), new(2, 0, 0), Direction.Identity);

        Assert.That(InPlaneResampler.Resample(tie, frame).Voxels, Is.EqualTo(new byte[] { 1 }));
        Assert.That(InPlaneResampler.Resample(clear, frame).Voxels, Is.EqualTo(new byte[] { 3 }));
        Assert.That(
            InPlaneResampler.Resample(clear, new(new(1, 1, 1), new(2, 2, 1), new(20, 0, 0), Direction.Identity)).Voxels,
            Is.EqualTo(new byte[] { 0 }));
    }

    [Test]
    public void TakesAVolumeInAnyOrientation(
        [Values("LPS", "RPS", "LAS", "LPI", "RAI", "PLS", "SLP", "IPR", "AIL")] string code)
    {
        var volume = new Volume<float>(new(new(7, 6, 5), new(1, 2, 3), new(4, 5, 6), Direction.Identity));
        for (var i = 0; i < volume.Voxels.Length; i++)
            volume.Voxels[i] = i * i % 101;
        // Wider than the volume, and beginning a slice before it.
        var frame = new Grid(new(9, 5, 7), new(1.5, 1.5, 3), new(2, 6, 3), Direction.Identity);
        Assert.That(
            InPlaneResampler.Resample(Orientation.Reorient(volume, code), frame, -9).Voxels,
            Is.EqualTo(InPlaneResampler.Resample(volume, frame, -9).Voxels).AsCollection);
    }

    [Test]
    public void RejectsOtherAxesAndSlicesInBetween()
    {
        var volume = Volume(new(2, 2, 1), 1, 1f, 2, 3, 4);
        var classes = new Volume<byte>(volume.Grid);
        var turned = new Grid(new(2, 2, 1), new(1, 1, 1), default, new(new(0, 1, 0), new(-1, 0, 0), new(0, 0, 1)));
        var between = new Grid(new(2, 2, 1), new(1, 1, 1), new(0, 0, 0.5), Direction.Identity);

        Assert.That(
            () => InPlaneResampler.Resample(classes, turned), Throws.ArgumentException.With.Message.Contains("PRS"));
        Assert.That(
            () => InPlaneResampler.Resample(volume, between, 0),
            Throws.ArgumentException.With.Message.Contains("coincide"));
    }

    private static Grid Row(int length) => new(new(length, 1, 1), new(1, 1, 1), default, Direction.Identity);

    private static Volume<float> Volume(GridSize size, double spacing, params float[] voxels) =>
        new(new(size, new(spacing, spacing, 1), default, Direction.Identity), voxels);
}
