using MkdSeg.Bundles;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>
/// Holds the locator of the bundle that ships: whole thoraxes with other fields of view, voxels and orientations than it was
/// trained on; abdomens and heads; hearts that are cut off; few slices.
/// </summary>
public class ShippedLocatorTests
{
    private const double LeastShare = 0.99;

    private static readonly ModelBundle Bundle = ModelBundle.Load(Repository.File("onnx/phantom-ct"));

    private static readonly OnnxSegmentor Network = new(
        Bundle.ReadNetwork(NetworkRoles.Locator), new() { Device = "cpu", Threads = 1 });

    private static HeartLocator Locator => new(
        Network, Bundle.Locator!, Bundle.FindNetwork(NetworkRoles.Locator)!.SizeMultiple);

    [OneTimeTearDown]
    public void Free() => Network.Dispose();

    [Test]
    public void The_heart_is_in_the_box_in_11_of_12_thoraxes() => Assert.That(Found(12), Is.GreaterThanOrEqualTo(11));

    [Test]
    [Explicit("About a minute of one core, nearly all of it for making the volumes.")]
    public void The_heart_is_in_the_box_in_48_of_50_thoraxes() => Assert.That(Found(50), Is.GreaterThanOrEqualTo(48));

    [TestCase(PhantomRegion.Abdomen, 4)]
    [TestCase(PhantomRegion.Head, 4)]
    [TestCase(PhantomRegion.Thorax, 4)]
    public void There_is_no_heart_in_an_abdomen_a_head_or_an_upper_chest(PhantomRegion region, int count) => NoneFound(region, count);

    [TestCase(PhantomRegion.Abdomen, 25)]
    [TestCase(PhantomRegion.Head, 25)]
    [TestCase(PhantomRegion.Thorax, 25)]
    [Explicit("About 20 seconds of one core each.")]
    public void There_is_no_heart_in_25_abdomens_heads_and_upper_chests(PhantomRegion region, int count) => NoneFound(region, count);

    [Test]
    public void A_heart_partly_outside_the_volume_has_its_box_at_the_border()
    {
        for (var number = 0; number < 4; number++)
        {
            var volume = BodyScans.CutHeart(number);
            var box = Locator.Locate(volume.Image);
            Assert.That(Share(box, volume.Classes), Is.GreaterThanOrEqualTo(0.98), $"{number}");
            var grid = Orientation.Reorient(volume.Image.Grid, "LPS");
            var (min, max) = box.IndexRange(grid);
            var beyond = number % 2 == 0 ? 0.5 - min.Z : max.Z - (grid.Size.Z - 0.5);
            Assert.That(beyond, Is.GreaterThanOrEqualTo(0), $"{number}: reaches the end that cuts the heart");
        }
    }

    [Test]
    public void Five_slices_are_enough()
    {
        for (var number = 0; number < 3; number++)
        {
            var volume = BodyScans.FewSlices(number);
            Assert.That(Share(Locator.Locate(volume.Image), volume.Classes), Is.GreaterThanOrEqualTo(0.95), $"{number}");
        }
    }

    private static int Found(int count)
    {
        var found = 0;
        for (var number = 0; number < count; number++)
        {
            var volume = BodyScans.Thorax(number);
            var finding = Locator.Search(volume.Image);
            var share = finding.Box is { } box ? Share(box, volume.Classes) : 0;
            found += share >= LeastShare ? 1 : 0;
            TestContext.Out.WriteLine(
                $"{number}: {volume.Image.Grid.Size} {Orientation.Of(volume.Image.Grid)}, {finding.VolumeMl:0} mL, probability "
                + $"{finding.Probability:0.00}, {share:0.0000} of the labelled voxels in the box");
        }

        TestContext.Out.WriteLine($"{found} of {count}");
        return found;
    }

    private static void NoneFound(PhantomRegion region, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var volume = BodyScans.WithoutHeart(region, number);
            Assert.That(volume.Classes.Voxels, Is.All.Zero, "no labelled voxel");
            var finding = Locator.Search(volume.Image);
            TestContext.Out.WriteLine($"{number}: {finding.VolumeMl:0} mL, probability {finding.Probability:0.00}");
            Assert.That(finding.Box, Is.Null, $"{region} {number}");
        }
    }

    private static double Share(HeartBox box, Volume<byte> classes)
    {
        var (min, max) = box.IndexRange(classes.Grid);
        var size = classes.Grid.Size;
        var (inside, all) = (0L, 0L);
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    if (classes[x, y, z] == 0)
                        continue;
                    all++;
                    if (x >= min.X && x <= max.X && y >= min.Y && y <= max.Y && z >= min.Z && z <= max.Z)
                        inside++;
                }
            }
        }

        return (double)inside / all;
    }
}
