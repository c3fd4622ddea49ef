using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.IO.Dicom;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO.Dicom;

/// <summary>Voxels and grids of DICOM series.</summary>
public sealed class DicomVolumeTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private Volume<float> WriteAndRead(IEnumerable<DicomSlice> slices)
    {
        foreach (var (slice, i) in slices.Select((slice, i) => (slice, i)))
            slice.Write(_folder[$"{(i * 7) % 10}.dcm"]);
        return VolumeFile.ReadIntensities(_folder.Path);
    }

    [Test]
    public void Stored_values_become_hounsfield_units_on_the_right_grid(
        [Values(DicomSlice.ExplicitSyntax, DicomSlice.ImplicitSyntax)] string syntax)
    {
        var volume = WriteAndRead(new DicomSlice { Syntax = syntax, Slope = 2, Intercept = -1000 }.Stack(4, 2.5));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(4, 3, 4)));
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(new Vector3D(0.75, 0.5, 2.5)));
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(new Vector3D(-10, -20, 30)));
            Assert.That(volume.Grid.Direction, Is.EqualTo(Direction.Identity));
            // 2 · (1000 + 3 + 10 · 1 + 100 · 2) − 1000
            Assert.That(volume[3, 1, 2], Is.EqualTo(1426));
        }
    }

    [Test]
    public void Each_slice_has_its_own_scaling()
    {
        var volume = WriteAndRead(new DicomSlice().Stack(3, 1, (slice, i) => slice with
        {
            Slope = 0.5 * (i + 1), Intercept = -10 * i, Value = (x, _) => (short)x,
        }));
        Assert.That(Enumerable.Range(0, 3).Select(z => volume[3, 0, z]), Is.EqualTo(new[] { 1.5f, -7, -15.5f }));
    }

    [Test]
    public void Oblique_slices_are_stacked_along_their_normal()
    {
        // Rows run along (0.8, 0.6, 0), columns along (−0.36, 0.48, 0.8): the normal is (0.48, −0.64, 0.6).
        var volume = WriteAndRead(new DicomSlice { Orientation = [0.8, 0.6, 0, -0.36, 0.48, 0.8] }.Stack(
            3, 0, (slice, i) => slice with { Position = [10 - (0.96 * i), 20 + (1.28 * i), 30 - (1.2 * i)] }));
        var grid = volume.Grid;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(grid.SpacingMm.Z, Is.EqualTo(2).Within(1e-9));
            Assert.That(grid.Direction.AxisZ.X, Is.EqualTo(0.48).Within(1e-9));
            Assert.That(grid.OriginMm.Z, Is.EqualTo(27.6).Within(1e-9));
            Assert.That(volume[0, 0, 0], Is.EqualTo(1000 + 200 - 1024), "the last file is the lowest slice");
        }
    }

    [Test]
    public void Tilted_gantry_is_straightened()
    {
        // Each slice lies 1 mm (two rows) further back and 2 mm higher: 26.6°. The bright row of the body stays in place.
        var slices = new DicomSlice { Rows = 8, Intercept = 0 }.Stack(3, 2, (slice, i) => slice with
        {
            Position = [-10, -20 + i, 30 + (2 * i)],
            Value = (x, y) => (short)(y == 6 - (2 * i) ? 100 + x : 5),
        });
        var volume = WriteAndRead(slices);
        var warnings = VolumeFile.ReadHeader(_folder.Path).Warnings;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(4, 12, 3)));
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(new Vector3D(-10, -20, 30)));
            Assert.That(volume.Grid.Direction, Is.EqualTo(Direction.Identity));
            Assert.That(warnings.Single(), Does.Contain("tilted by 26.6°").And.Contain("4×12×3"));
        }

        for (var z = 0; z < 3; z++)
        {
            for (var y = 0; y < 12; y++)
                Assert.That(volume[2, y, z], Is.EqualTo(y == 6 ? 102 : 5), $"row {y}, slice {z}");
        }
    }

    [Test]
    public void Shift_by_half_a_pixel_is_interpolated()
    {
        var volume = WriteAndRead(new DicomSlice { Rows = 4, Intercept = 0 }.Stack(2, 2, (slice, i) => slice with
        {
            Position = [-10, -20 - (1.25 * i), 30 + (2 * i)],
            Value = (_, y) => (short)(10 * y),
        }));
        Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(4, 7, 2)));
        Assert.That(volume.Grid.OriginMm.Y, Is.EqualTo(-21.5).Within(1e-9));
        Assert.That(Enumerable.Range(0, 7).Select(y => volume[0, y, 0]), Is.EqualTo(new[] { 0, 0, 0, 0, 10, 20, 30 }));
        // The upper slice begins half a pixel after the first row of the grid; around it is its smallest value.
        Assert.That(Enumerable.Range(0, 5).Select(y => volume[0, y, 1]), Is.EqualTo(new[] { 0, 5, 15, 25, 15 }));
    }

    [Test]
    public void Compressed_slices_are_decoded([Values("jpeg", "j2k", "rle")] string name)
    {
        var file = Repository.File($"tests/MkdSeg.Tests/IO/Dicom/Compressed/{name}.dcm");
        File.Copy(file, _folder["IM1"]);
        var volume = VolumeFile.ReadIntensities(_folder.Path);
        Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(16, 16, 1)));
        Assert.That(volume.Grid.SpacingMm.X, Is.EqualTo(0.75));
        Assert.That(
            volume.Voxels,
            Is.EqualTo(from y in Enumerable.Range(0, 16) from x in Enumerable.Range(0, 16) select x + (10 * y) - 24));
    }

    [Test]
    public void Compressed_slice_cut_short_is_named([Values("jpeg", "j2k", "rle")] string name)
    {
        var bytes = File.ReadAllBytes(Repository.File($"tests/MkdSeg.Tests/IO/Dicom/Compressed/{name}.dcm"));
        File.WriteAllBytes(_folder["IM1"], bytes[..^60]);
        var series = DicomSeries.Find(_folder.Path).Single();
        Assert.That(series.Kind, Is.EqualTo(DicomSeriesKind.BrokenScan));
        Assert.That(series.Problem, Does.Contain("within its compressed voxels").And.Contain("IM1"));
    }

    [Test]
    public void Slice_that_cannot_be_decoded_is_named()
    {
        var bytes = File.ReadAllBytes(Repository.File("tests/MkdSeg.Tests/IO/Dicom/Compressed/j2k.dcm"));
        var stream = bytes.AsSpan().LastIndexOf((byte[])[0xff, 0x4f, 0xff, 0x51]);
        bytes.AsSpan(stream, 40).Clear();
        File.WriteAllBytes(_folder["IM1"], bytes);
        Assert.That(
            () => VolumeFile.ReadIntensities(_folder.Path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("cannot be decoded")
                .And.Message.Contains("IM1").And.Message.Contains("1.2.840.10008.1.2.4.90"));
    }
}
