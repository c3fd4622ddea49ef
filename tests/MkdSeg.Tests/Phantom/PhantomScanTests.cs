using MkdSeg.Common;
using MkdSeg.Phantom;
using MkdSeg.Volumes;
using NUnit.Framework;

namespace MkdSeg.Tests.Phantom;

[TestFixture]
public sealed class PhantomScanTests
{
    private static readonly PhantomScan Coarse = new() { SpacingMm = new(7, 8, 9), FieldMm = new(360, 280, 200) };

    [TestCase("LPS")]
    [TestCase("RAS")]
    [TestCase("ASL")]
    public void TheVolumeHasTheFieldVoxelsAndOrientationThatWereAskedFor(string orientation)
    {
        var volume = PhantomGenerator.Generate(new() { Seed = 4, Scan = Coarse with { Orientation = orientation } });
        var grid = Orientation.Reorient(volume.Image.Grid, "LPS");
        Assert.Multiple(() =>
        {
            Assert.That(Orientation.Of(volume.Image.Grid), Is.EqualTo(orientation));
            Assert.That(grid.SpacingMm, Is.EqualTo(Coarse.SpacingMm));
            Assert.That(grid.Size, Is.EqualTo(new GridSize(52, 35, 23)));
            Assert.That(volume.Classes.Voxels.Distinct().Count(), Is.EqualTo(8), "background and every structure");
        });
    }

    [Test]
    public void TheOrientationDoesNotChangeThePerson()
    {
        var first = PhantomGenerator.Generate(new() { Seed = 4, Scan = Coarse });
        var turned = PhantomGenerator.Generate(new() { Seed = 4, Scan = Coarse with { Orientation = "ASL" } });
        Assert.That(Orientation.Reorient(turned.Classes, "LPS").Voxels, Is.EqualTo(first.Classes.Voxels));
    }

    [Test]
    public void AShiftedFieldShowsAPartOfTheHeart()
    {
        var whole = PhantomGenerator.Generate(new() { Seed = 4, Scan = Coarse });
        var cut = PhantomGenerator.Generate(new() { Seed = 4, Scan = Coarse with { OffsetMm = new(0, 0, -100) } });
        var share = (double)cut.Classes.Voxels.Count(c => c > 0) / whole.Classes.Voxels.Count(c => c > 0);
        Assert.That(share, Is.InRange(0.2, 0.8));
    }

    [TestCase(PhantomModality.Ct, PhantomVariation.Wide)]
    [TestCase(PhantomModality.Mr, PhantomVariation.Wide)]
    [TestCase(PhantomModality.Ct, PhantomVariation.Clinical)]
    public void AbdomenAndHeadHaveNoHeart(PhantomModality modality, PhantomVariation variation)
    {
        foreach (var region in (PhantomRegion[])[PhantomRegion.Abdomen, PhantomRegion.Head])
        {
            for (var seed = 0ul; seed < 4; seed++)
            {
                var volume = PhantomGenerator.Generate(new()
                {
                    Seed = seed, Region = region, Modality = modality, Variation = variation, Scan = Coarse,
                });
                Assert.That(volume.Classes.Voxels, Is.All.Zero, $"{region} {seed}");
            }
        }
    }

    [Test]
    public void AbdomenIsMostlySoftTissueAndAHeadIsBrainInBone()
    {
        var abdomen = PhantomGenerator.Generate(new() { Seed = 2, Region = PhantomRegion.Abdomen, Scan = Coarse }).Image;
        var head = PhantomGenerator.Generate(new() { Seed = 2, Region = PhantomRegion.Head, Scan = Coarse }).Image;
        Assert.Multiple(() =>
        {
            Assert.That(Share(abdomen, -60, 150), Is.InRange(0.2, 0.6), "organs and muscle");
            Assert.That(Share(abdomen, -130, -60), Is.InRange(0.05, 0.4), "fat");
            Assert.That(Share(head, 150, 2000), Is.InRange(0.01, 0.15), "skull");
            Assert.That(Share(head, -200, 2000), Is.InRange(0.1, 0.5), "the rest is air");
        });
    }

    [Test]
    public void WithoutAScanOtherRegionsHaveTheSizesVoxels()
    {
        var volume = PhantomGenerator.Generate(new() { Seed = 3, Region = PhantomRegion.Head });
        Assert.Multiple(() =>
        {
            Assert.That(volume.Image.Grid.SpacingMm.X, Is.EqualTo(2.2).Within(0.2));
            Assert.That(volume.Image.Grid.Size.X, Is.EqualTo(96));
            Assert.That(volume.Classes.Voxels, Is.All.Zero);
        });
    }

    [Test]
    public void ScansThatMakeNoSenseAreRefused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                () => PhantomGenerator.Generate(new() { Scan = Coarse with { SpacingMm = new(0, 1, 1) } }),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("voxels of 0 mm"));
            Assert.That(
                () => PhantomGenerator.Generate(new() { Scan = Coarse with { Orientation = "LLS" } }),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("'LLS'"));
        });
    }

    private static double Share(Volume<float> image, float from, float to) =>
        (double)image.Voxels.Count(value => value >= from && value < to) / image.Voxels.Length;
}
