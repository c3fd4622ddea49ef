using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Preprocessing;

[TestFixture]
public sealed class CoarseVolumeTests
{
    private static readonly LocatorSettings Settings = new()
    {
        SpacingMm = 6, ContextSlices = 3, ContextStep = 2, Window = new() { LowerValue = -1000, UpperValue = 1000 },
    };

    [TestCase("LPS", 2.0, 3.0, 2.0)]
    [TestCase("RAI", 0.9, 1.1, 4.7)]
    [TestCase("SPL", 9.0, 2.5, 8.0)]
    public void ALineOfIntensitiesStaysTheSameLineInThePatient(string orientation, double x, double y, double z)
    {
        var volume = Ramp(orientation, new(x, y, z), new(31, 24, 27));
        var coarse = CoarseVolume.Make(volume, Settings);
        var grid = coarse.Grid;
        Assert.That(Orientation.Of(grid), Is.EqualTo("LPS"));
        Assert.That(grid.SpacingMm, Is.EqualTo(new Vector3D(6, 6, 6)));
        // Weights at few points keep a line to within 1 HU. Beyond the border they are one-sided, so only the inside counts.
        var inside = 0;
        for (var k = 2; k < grid.Size.Z - 2; k++)
        {
            for (var j = 2; j < grid.Size.Y - 2; j++)
            {
                for (var i = 2; i < grid.Size.X - 2; i++)
                {
                    var expected = At(grid.ToPoint(new(i, j, k))) / 1000;
                    Assert.That(coarse[i, j, k], Is.EqualTo(expected).Within(1e-3));
                    inside++;
                }
            }
        }

        Assert.That(inside, Is.GreaterThan(0));
    }

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(40)]
    public void TheCoarseGridCoversTheVolume(int slices)
    {
        var volume = Ramp("LPS", new(1.7, 2.3, 3.1), new(40, 33, slices));
        var grid = CoarseVolume.Make(volume, Settings).Grid;
        var low = grid.ToIndex(volume.Grid.OriginMm);
        var size = volume.Grid.Size;
        var high = grid.ToIndex(volume.Grid.ToPoint(new(size.X - 1, size.Y - 1, size.Z - 1)));
        for (var axis = 0; axis < 3; axis++)
        {
            Assert.That(low[axis], Is.GreaterThanOrEqualTo(-0.501));
            Assert.That(high[axis], Is.LessThanOrEqualTo(grid.Size[axis] - 0.499));
            Assert.That(grid.Size[axis] * 6, Is.LessThan((size[axis] * volume.Grid.SpacingMm[axis]) + 12));
        }
    }

    [Test]
    public void AMaskHoldsVoxelsThatAreLabelledByHalf()
    {
        var grid = new Grid(new(12, 12, 12), new(3, 3, 3), default, Direction.Identity);
        var classes = new Volume<byte>(grid);
        for (var z = 2; z < 9; z++)
        {
            for (var y = 3; y < 10; y++)
            {
                for (var x = 3; x < 10; x++)
                    classes[x, y, z] = (byte)(1 + (x % 3));
            }
        }

        var mask = CoarseVolume.MakeMask(classes, Settings);
        var image = CoarseVolume.Make(new Volume<float>(grid), Settings);
        Assert.That(mask.Grid, Is.EqualTo(image.Grid));
        Assert.That(mask.Voxels, Is.All.LessThanOrEqualTo(1));
        Assert.That(mask.Voxels.Count(v => v == 1) * mask.Grid.VoxelMl, Is.EqualTo(7 * 7 * 7 * 0.027).Within(40).Percent);
    }

    [Test]
    public void ChannelsAreNeighboursThatGoOnBeyondTheEnds()
    {
        var coarse = new Volume<float>(new(new(3, 2, 4), new(6, 6, 6), default, Direction.Identity));
        for (var z = 0; z < 4; z++)
            coarse.Slice(z).Fill(z / 10f);
        var stacked = CoarseVolume.Stack(coarse, Settings, 4);
        Assert.That(stacked.Grid.Size, Is.EqualTo(new GridSize(4, 4, 12)));
        int[] slices = [0, 0, 2, 0, 1, 3, 0, 2, 3, 1, 3, 3];
        for (var n = 0; n < slices.Length; n++)
        {
            Assert.That(stacked[2, 1, n], Is.EqualTo(slices[n] / 10f), $"slice {n / 3}, channel {n % 3}");
            Assert.That(stacked[3, 1, n], Is.EqualTo(-1), "filled up in x");
            Assert.That(stacked[2, 2, n], Is.EqualTo(-1), "filled up in y");
        }
    }

    [Test]
    public void SettingsThatMakeNoSenseAreRefused()
    {
        Assert.Multiple(() =>
        {
            Refused(Settings with { SpacingMm = 0 }, "spacingMm is 0");
            Refused(Settings with { ContextSlices = 4 }, "4 slices");
            Refused(Settings with { ContextStep = 0 }, "steps of 0");
            Refused(Settings with { Threshold = 1 }, "threshold is 1");
            Refused(Settings with { LeastProbability = 1 }, "least probability 1");
            Refused(Settings with { MarginMm = -1 }, "margin is -1");
            Refused(Settings with { LeastVolumeMl = double.NaN }, "least volume");
            Refused(Settings with { Orientation = "LPP" }, "'LPP'");
        });

        static void Refused(LocatorSettings settings, string words) => Assert.That(
            () => settings.Validate("here"),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("here: ").And.Message.Contains(words));
    }

    private static double At(Vector3D point) => (2 * point.X) - (1.5 * point.Y) + (1.2 * point.Z);

    private static Volume<float> Ramp(string orientation, Vector3D spacing, GridSize size)
    {
        var lps = new Grid(new(30, 30, 30), new(1, 1, 1), new(-40, 10, 5), Direction.Identity);
        var volume = new Volume<float>(new(size, spacing, lps.OriginMm, Orientation.Reorient(lps, orientation).Direction));
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                    volume[x, y, z] = (float)At(volume.Grid.ToPoint(new(x, y, z)));
            }
        }

        return volume;
    }
}
