using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Preprocessing;

public class NetworkGridTests
{
    private static readonly Grid Oriented = new(new(100, 80, 50), new(1, 1, 3), new(-20, -30, -40), Direction.Identity);

    private static readonly PreprocessingOptions Options = new()
    {
        InPlaneSpacingMm = 2, PatchSize = 16, ZMarginMm = 6,
    };

    [Test]
    public void LabelCentresTheFrameOnTheBoxAndKeepsSlicesWithinTheMargin()
    {
        // The box covers x 30–50, y 20–40, z 60–75 mm from the first voxel.
        var box = new HeartBox(new(20, 0, 27.5), new(10, 10, 7.5), Direction.Identity);

        var frame = NetworkGrid.Create(Oriented, Options, box);

        // Slices 3 mm apart within 54 to 81 mm: 18 to 27. First pixel 15 mm before the centre (index 40, 30).
        Assert.That(frame.Size, Is.EqualTo(new GridSize(16, 16, 10)));
        Assert.That(frame.SpacingMm, Is.EqualTo(new Vector3D(2, 2, 3)));
        Assert.That(Oriented.ToIndex(frame.OriginMm), Is.EqualTo(new Vector3D(25, 15, 18)));
    }

    [Test]
    public void TheMarginEndsAtTheVolume()
    {
        var box = new HeartBox(new(20, 0, 27.5), new(10, 10, 500), Direction.Identity);

        var frame = NetworkGrid.Create(Oriented, Options, box);

        Assert.That(frame.Size.Z, Is.EqualTo(50));
    }

    [Test]
    public void CentreTakesAllSlicesAroundTheMiddle()
    {
        var frame = NetworkGrid.Create(Oriented, Options with { Crop = CropRule.Centre }, null);

        // Centre at index (49.5, 39.5), less 15: 34.5 and 24.5 go to an even voxel centre.
        Assert.That(frame.Size, Is.EqualTo(new GridSize(16, 16, 50)));
        Assert.That(Oriented.ToIndex(frame.OriginMm), Is.EqualTo(new Vector3D(34, 24, 0)));
    }

    [Test]
    public void WholeCoversTheVolumeInMultiples()
    {
        var frame = NetworkGrid.Create(Oriented, Options with { Crop = CropRule.Whole }, null, sizeMultiple: 16);

        // 100 mm and 80 mm at 2 mm are 50 and 40 pixels: 64 and 48.
        Assert.That(frame.Size, Is.EqualTo(new GridSize(64, 48, 50)));
    }

    [Test]
    public void ABoxIsNeededAndHasToHit()
    {
        Assert.That(
            () => NetworkGrid.Create(Oriented, Options, null),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("Label"));
        Assert.That(
            () => NetworkGrid.Create(
                Oriented, Options, new(new(0, 0, 900), new(10, 10, 10), Direction.Identity)),
            Throws.InstanceOf<UserErrorException>().With.Message.Contains("do not belong together"));
    }
}
