using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

public sealed class VolumeFileTests
{
    // Rotated about two axes, as a scan of the heart's short axis is.
    private static readonly Grid Oblique = new(
        new GridSize(4, 3, 2),
        new Vector3D(0.75, 1.25, 3),
        new Vector3D(-12.5, 30.25, -401.125),
        new Direction(new(0.8, 0.6, 0), new(-0.36, 0.48, 0.8), new(0.48, -0.64, 0.6)));

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("volume-file").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    private string In(string name) => Path.Combine(_folder, name);

    private static Volume<float> Numbered(Func<int, float> value) =>
        new(Oblique, [.. Enumerable.Range(0, 24).Select(value)]);

    private static void AssertGrid(Grid actual, Grid expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.Size, Is.EqualTo(expected.Size));
            for (var axis = 0; axis < 3; axis++)
            {
                Assert.That(actual.SpacingMm[axis], Is.EqualTo(expected.SpacingMm[axis]).Within(1e-6));
                Assert.That(actual.OriginMm[axis], Is.EqualTo(expected.OriginMm[axis]).Within(1e-4));
            }

            Assert.That(actual.Direction.ToRowMajor(), Is.EqualTo(expected.Direction.ToRowMajor()).Within(1e-6));
        }
    }

    [Test]
    public void Intensities_survive_the_round_trip([Values("v.nii", "v.nii.gz", "v.nrrd", "v.mha")] string name)
    {
        var written = Numbered(i => (i * 1.5f) - 1000);
        VolumeFile.Write(written, In(name));
        var read = VolumeFile.ReadIntensities(In(name));
        AssertGrid(read.Grid, Oblique);
        Assert.That(read.Voxels, Is.EqualTo(written.Voxels));
        Assert.That(Directory.GetFileSystemEntries(_folder), Has.Length.EqualTo(1), "no temporary file is left");
    }

    [Test]
    public void Labels_survive_the_round_trip()
    {
        var values = new Volume<ushort>(Oblique);
        values[1, 2, 1] = 850;
        values[0, 0, 0] = ushort.MaxValue;
        var classes = new Volume<byte>(Oblique);
        classes[3, 0, 1] = 255;
        VolumeFile.Write(values, In("values.nii.gz"));
        VolumeFile.Write(classes, In("classes.nii.gz"));
        Assert.That(VolumeFile.ReadLabels(In("values.nii.gz")).Voxels, Is.EqualTo(values.Voxels));
        Assert.That(VolumeFile.ReadLabels(In("classes.nii.gz")).Voxels, Is.EqualTo(classes.Voxels));
        Assert.That(VolumeFile.ReadIntensities(In("values.nii.gz"))[0, 0, 0], Is.EqualTo(65535));
    }

    [Test]
    public void Labels_may_be_stored_as_whole_real_numbers()
    {
        VolumeFile.Write(Numbered(i => i * 50), In("v.nii"));
        Assert.That(VolumeFile.ReadLabels(In("v.nii")).Voxels, Is.EqualTo(Enumerable.Range(0, 24).Select(i => i * 50)));
    }

    [TestCase(0.5f, "0.5")]
    [TestCase(-1, "-1")]
    [TestCase(65536, "65536")]
    [TestCase(float.NaN, "NaN")]
    public void Value_that_is_no_label_is_named(float value, string text)
    {
        VolumeFile.Write(Numbered(i => i == 17 ? value : 0), In("v.nrrd"));
        Assert.That(
            () => VolumeFile.ReadLabels(In("v.nrrd")),
            Throws.TypeOf<UserErrorException>().With.Message.Contains($"contains the value {text};")
                .And.Message.Contains("v.nrrd"));
    }

    [Test]
    public void Header_tells_grid_and_type()
    {
        VolumeFile.Write(new Volume<ushort>(Oblique), In("v.nii.gz"));
        var header = VolumeFile.ReadHeader(In("v.nii.gz"));
        AssertGrid(header.Grid, Oblique);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(header.PixelType, Is.EqualTo("16-bit unsigned integer"));
            Assert.That(header.ComponentCount, Is.EqualTo(1));
            Assert.That(header.Format, Is.EqualTo("NIfTI"));
            Assert.That(header.FileSizeBytes, Is.EqualTo(new FileInfo(In("v.nii.gz")).Length));
        }
    }

    [Test]
    public void Few_voxels_that_are_not_finite_become_the_minimum()
    {
        VolumeFile.Write(
            Numbered(i => i switch
            {
                0 => float.NaN,
                1 => float.PositiveInfinity,
                2 => float.NegativeInfinity,
                _ => i,
            }),
            In("v.nrrd"));
        var voxels = VolumeFile.ReadIntensities(In("v.nrrd")).Voxels;
        Assert.That(voxels[..5], Is.EqualTo(new[] { 3, 3, 3, 3, 4 }));
    }

    [Test]
    public void Volume_that_is_mostly_not_finite_is_refused()
    {
        VolumeFile.Write(Numbered(i => i < 12 ? float.NaN : 1), In("half.nrrd"));
        VolumeFile.Write(Numbered(i => i < 13 ? float.NaN : 1), In("more.nrrd"));
        Assert.That(VolumeFile.ReadIntensities(In("half.nrrd")).Voxels, Is.All.EqualTo(1));
        Assert.That(
            () => VolumeFile.ReadIntensities(In("more.nrrd")),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("13 of the 24 voxels"));
    }

    [TestCase("v.nii")]
    [TestCase("v.nii.gz")]
    public void Truncated_file_is_refused(string name)
    {
        var grid = new Grid(new GridSize(16, 16, 16), new(1, 1, 1), new(0, 0, 0), Direction.Identity);
        var random = new Random(5);
        VolumeFile.Write(
            new Volume<float>(grid, [.. Enumerable.Range(0, 4096).Select(_ => random.NextSingle())]), In(name));
        var bytes = File.ReadAllBytes(In(name));
        File.WriteAllBytes(In(name), bytes[..(bytes.Length * 3 / 4)]);
        Assert.That(
            () => VolumeFile.ReadIntensities(In(name)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("of the 16384 bytes of voxels"));
    }

    [Test]
    public void Missing_file_wrong_kind_and_empty_folder_are_user_errors()
    {
        File.WriteAllText(In("noise.nii.gz"), "this is no image");
        File.WriteAllText(In("noise.txt"), "this is no image");
        Directory.CreateDirectory(In("empty"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                () => VolumeFile.ReadHeader(In("absent.nii")),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("does not exist"));
            Assert.That(() => VolumeFile.ReadIntensities(In("noise.nii.gz")), Throws.TypeOf<UserErrorException>());
            Assert.That(
                () => VolumeFile.ReadLabels(In("noise.txt")),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("noise.txt"));
            Assert.That(
                () => VolumeFile.ReadIntensities(In("empty")),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("no DICOM series"));
        }
    }

    [TestCase("v.png")]
    [TestCase("v.mhd")]
    [TestCase("v")]
    public void Other_suffixes_are_not_written(string name)
    {
        Assert.That(
            () => VolumeFile.Write(new Volume<byte>(Oblique), In(name)),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(".nii.gz"));
        Assert.That(Directory.GetFileSystemEntries(_folder), Is.Empty);
    }

    [Test]
    public void Writing_replaces_a_file_and_makes_its_folder()
    {
        var path = Path.Combine(_folder, "new", "v.nii.gz");
        VolumeFile.Write(Numbered(_ => 1), path);
        VolumeFile.Write(Numbered(_ => 2), path);
        Assert.That(VolumeFile.ReadIntensities(path).Voxels, Is.All.EqualTo(2));
    }

    [Test]
    public void Folder_that_cannot_be_made_is_a_user_error()
    {
        File.WriteAllText(In("file"), "");
        Assert.That(
            () => VolumeFile.Write(Numbered(_ => 1), Path.Combine(_folder, "file", "v.nii")),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("cannot be written"));
    }
}
