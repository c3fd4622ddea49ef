using MkdSeg.IO;
using MkdSeg.Reports.Pictures;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Reports.Tests.Pictures;

public class ViewerVolumeTests
{
    private static readonly Grid Oblique = new(
        new(5, 4, 3), new(0.5, 1.5, 2.5), new(10, -20, 30), new(new(0, 1, 0), new(0.6, 0, 0.8), new(0.8, 0, -0.6)));

    [Test]
    public void Intensities_come_back_as_whole_numbers_in_the_same_place()
    {
        var volume = new Volume<float>(Oblique);
        for (var i = 0; i < volume.Voxels.Length; i++)
            volume.Voxels[i] = -1024 + (50.25f * i);
        var read = Read(NiftiBytes.Of(volume));
        Assert.That(read.Voxels, Is.EqualTo(volume.Voxels).Within(0.5));
        AssertSame(read.Grid, Oblique);
    }

    [Test]
    public void Small_and_large_ranges_are_scaled()
    {
        foreach (var factor in new[] { 1e-3f, 1e6f })
        {
            var volume = new Volume<float>(Oblique, [.. Enumerable.Range(0, 60).Select(i => factor * i)]);
            Assert.That(Read(NiftiBytes.Of(volume)).Voxels, Is.EqualTo(volume.Voxels).Within(factor * 60 / 60_000));
        }
    }

    [Test]
    public void A_constant_volume_stays_constant() => Assert.That(
        Read(NiftiBytes.Of(new Volume<float>(Oblique, [.. Enumerable.Repeat(7f, 60)]))).Voxels, Is.All.EqualTo(7));

    [Test]
    public void Classes_come_back_in_the_same_place()
    {
        var classes = new Volume<byte>(Oblique, [.. Enumerable.Range(0, 60).Select(i => (byte)(i % 8))]);
        var read = Read(VolumeFile.ToNifti(classes));
        Assert.That(read.Voxels.Select(value => (byte)value), Is.EqualTo(classes.Voxels));
        AssertSame(read.Grid, Oblique);
    }

    [Test]
    public void A_region_holds_all_masks_and_the_margin_as_far_as_the_grid_goes()
    {
        var grid = new Grid(new(20, 20, 20), new(1, 2, 4), new(0, 0, 0), Direction.Identity);
        var (a, b) = (new Volume<byte>(grid), new Volume<byte>(grid));
        a[5, 6, 1] = 1;
        b[9, 6, 2] = 1;
        var volumes = new CaseVolumes(new Volume<float>(grid), [("a", a), ("b", b)]).AroundStructures(marginMm: 8);
        Assert.That(volumes.Image.Grid.Size, Is.EqualTo(new GridSize(18, 9, 5)));
        Assert.That(volumes.Image.Grid.OriginMm, Is.EqualTo(grid.ToPoint(new(0, 2, 0))));
        var cut = volumes.Masks[1].Mask;
        Assert.That(cut[9, 4, 2], Is.EqualTo(1));
        Assert.That(cut.Grid.ToPoint(new(9, 4, 2)), Is.EqualTo(grid.ToPoint(new(9, 6, 2))));
        var empty = new CaseVolumes(new Volume<float>(grid), [("a", new Volume<byte>(grid))]);
        Assert.That(empty.AroundStructures(8), Is.SameAs(empty));
    }

    [Test]
    public void Coarser_images_are_means_of_blocks_around_the_same_point()
    {
        var grid = new Grid(new(5, 2, 2), new(1, 1, 3), new(0, 0, 0), Direction.Identity);
        var volume = new Volume<float>(grid, [.. Enumerable.Range(0, 20).Select(i => (float)i)]);
        var coarse = Coarser.Mean(volume, (2, 2, 1));
        Assert.That(coarse.Grid.Size, Is.EqualTo(new GridSize(2, 1, 2)));
        Assert.That(coarse.Voxels, Is.EqualTo(new[] { 3f, 5, 13, 15 }));
        Assert.That(coarse.Grid.OriginMm, Is.EqualTo(new Vector3D(0.5, 0.5, 0)));
        Assert.That(coarse.Grid.SpacingMm, Is.EqualTo(new Vector3D(2, 2, 3)));
    }

    [Test]
    public void The_finest_axis_is_made_coarser_first()
    {
        var grid = new Grid(new(100, 100, 100), new(0.5, 0.5, 1), new(0, 0, 0), Direction.Identity);
        Assert.That(Coarser.FactorFor(grid, 2_000_000), Is.EqualTo((1, 1, 1)));
        Assert.That(Coarser.FactorFor(grid, 250_000), Is.EqualTo((2, 2, 1)));
    }

    private static Volume<float> Read(byte[] nifti)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["x.nii.gz"], nifti);
        return VolumeFile.ReadIntensities(folder["x.nii.gz"]);
    }

    private static void AssertSame(Grid found, Grid expected)
    {
        Assert.That(found.Size, Is.EqualTo(expected.Size));
        foreach (var corner in new Vector3D[] { new(0, 0, 0), new(4, 0, 0), new(0, 3, 0), new(0, 0, 2) })
            Assert.That((found.ToPoint(corner) - expected.ToPoint(corner)).Length, Is.LessThan(1e-4));
    }
}
