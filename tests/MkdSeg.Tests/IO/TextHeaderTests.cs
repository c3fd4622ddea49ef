using System.Globalization;
using System.Text;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>Geometry and voxels of NRRD and MetaImage files, written after the formats' descriptions.</summary>
public sealed class TextHeaderTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static string Nrrd(
        string space = "left-posterior-superior", string directions = "(1.5,0,0) (0,1.5,0) (0,0,2)",
        string origin = "(-20,-15,100)", string sizes = "24 20 8", string kinds = "domain domain domain", string more = "",
        string encoding = "raw") =>
        $"NRRD0004\ntype: short\ndimension: {sizes.Split(' ').Length}\nspace: {space}\nsizes: {sizes}\nspace directions: {directions}\n"
        + $"kinds: {kinds}\nendian: little\nencoding: {encoding}\n{more}space origin: {origin}\n\n";

    private static string Meta(string more, string sizes = "24 20 8", string spacing = "1.5 1.5 2", string type = "MET_SHORT") =>
        $"ObjectType = Image\nNDims = {sizes.Split(' ').Length}\nBinaryData = True\nBinaryDataByteOrderMSB = False\n{more}"
        + $"ElementSpacing = {spacing}\nDimSize = {sizes}\nElementType = {type}\nElementDataFile = LOCAL\n";

    private static void AssertBody(string path)
    {
        var warnings = new List<string>();
        var volume = VolumeFile.ReadIntensities(path, warnings);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(Body.Grid.OriginMm));
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(Body.Grid.SpacingMm));
            Assert.That(volume.Grid.Direction.ToRowMajor(), Is.EqualTo(Direction.Identity.ToRowMajor()));
            Assert.That(volume.Voxels, Is.EqualTo(Body.Volume.Voxels));
            Assert.That(warnings, Is.Empty);
        }
    }

    // One and the same volume in the coordinate systems of the format, in words and letters.
    [TestCase("left-posterior-superior", "(1.5,0,0) (0,1.5,0) (0,0,2)", "(-20,-15,100)")]
    [TestCase("LPS", "(1.5,0,0) (0,1.5,0) (0,0,2)", "(-20,-15,100)")]
    [TestCase("right-anterior-superior", "(-1.5,0,0) (0,-1.5,0) (0,0,2)", "(20,15,100)")]
    [TestCase("RAS", "(-1.5,0,0) (0,-1.5,0) (0,0,2)", "(20,15,100)")]
    [TestCase("left-anterior-superior", "(1.5,0,0) (0,-1.5,0) (0,0,2)", "(-20,15,100)")]
    [TestCase("LAS", "(1.5, 0, 0) (0, -1.5, 0) (0, 0, 2)", "(-20, 15, 100)")]
    [TestCase("left-posterior-superior-time", "(1.5,0,0,0) (0,1.5,0,0) (0,0,2,0)", "(-20,-15,100,0)")]
    public void Nrrd_space_is_heeded(string space, string directions, string origin)
    {
        AssertBody(Body.Write(_folder["a.nrrd"], Nrrd(space, directions, origin), Body.Bytes));
        AssertBody(Body.Write(_folder["b.nrrd"], Nrrd(space, directions, origin, encoding: "gzip"), Body.Gzip(Body.Bytes)));
    }

    [TestCase("1 24 20 8", "none (1.5,0,0) (0,1.5,0) (0,0,2)", "list domain domain domain")]
    [TestCase("24 20 8 1", "(1.5,0,0) (0,1.5,0) (0,0,2) none", "domain domain domain list")]
    [TestCase("24 20 8 1", "(1.5,0,0) (0,1.5,0) (0,0,2) (nan,nan,nan)", "domain domain domain time")]
    [TestCase("1 1 24 20 8", "none none (1.5,0,0) (0,1.5,0) (0,0,2)", "vector list domain domain domain")]
    public void Nrrd_of_one_time_point_is_a_volume(string sizes, string directions, string kinds) =>
        AssertBody(Body.Write(_folder["one.seq.nrrd"], Nrrd(sizes: sizes, directions: directions, kinds: kinds), Body.Bytes));

    [TestCase("2 24 20 4", "none (1.5,0,0) (0,1.5,0) (0,0,2)", "list domain domain domain", "time point")]
    [TestCase("3 24 20 4", "none (1.5,0,0) (0,1.5,0) (0,0,2)", "RGB-color domain domain domain", "3 values per voxel")]
    public void Nrrd_of_several_time_points_or_colours_is_refused(string sizes, string directions, string kinds, string words) =>
        AssertRefused(
            Body.Write(_folder["v.nrrd"], Nrrd(sizes: sizes, directions: directions, kinds: kinds), Body.Bytes), words);

    [TestCase("(1,5,0,0,0) (0,1.5,0) (0,0,2)", "(0,0,0)", "space directions")]
    [TestCase("(1.5,0,0) (0,1.5,0) (0,0,2)", "(0;0;0)", "space origin")]
    [TestCase("(1500,0,0) (0,1500,0) (0,0,2000)", "(0,0,0)", "1500 × 1500 × 2000 mm")]
    [TestCase("(1.5,0.1,0) (0,1.5,0) (0,0,2)", "(0,0,0)", "sheared")]
    [TestCase("(1.5,0,0) (0,1.5,0)", "(0,0,0)", "2 space directions for 3 dimensions")]
    public void Nrrd_with_numbers_that_cannot_be_is_refused(string directions, string origin, string words) =>
        AssertRefused(Body.Write(_folder["v.nrrd"], Nrrd(directions: directions, origin: origin), Body.Bytes), words);

    [Test]
    public void Nrrd_voxels_are_found_behind_lines_and_bytes_or_at_the_end_of_a_file()
    {
        File.WriteAllBytes(_folder["lines.raw"], [.. "one\ntwo\n"u8, .. Body.Bytes]);
        File.WriteAllBytes(_folder["bytes.raw"], [.. new byte[7], .. Body.Bytes]);
        File.WriteAllBytes(_folder["bytes.gz"], Body.Gzip([.. new byte[7], .. Body.Bytes]));
        AssertBody(Body.Write(_folder["a.nhdr"], Nrrd(more: "line skip: 2\ndata file: lines.raw\n"), []));
        AssertBody(Body.Write(_folder["b.nhdr"], Nrrd(more: "byte skip: 7\ndata file: bytes.raw\n"), []));
        AssertBody(Body.Write(_folder["c.nhdr"], Nrrd(more: "byte skip: -1\ndata file: bytes.raw\n"), []));
        AssertBody(Body.Write(_folder["d.nhdr"], Nrrd(more: "byte skip: 7\ndata file: bytes.gz\n", encoding: "gzip"), []));
        var text = string.Join('\n', Body.Volume.Voxels.Select(value => value.ToString(CultureInfo.InvariantCulture)));
        AssertBody(Body.Write(_folder["e.nrrd"], Nrrd(encoding: "ascii"), Encoding.ASCII.GetBytes(text)));
        AssertRefused(Body.Write(_folder["f.nrrd"], Nrrd(encoding: "bzip2"), Body.Bytes), "raw, gzip and text");
    }

    [Test]
    public void Nrrd_voxels_are_read_from_several_files()
    {
        var half = Body.Bytes.Length / 2;
        File.WriteAllBytes(_folder["v1.raw"], Body.Bytes[..half]);
        File.WriteAllBytes(_folder["v2.raw"], Body.Bytes[half..]);
        AssertBody(Body.Write(_folder["a.nhdr"], Nrrd().TrimEnd('\n') + "\ndata file: LIST\nv1.raw\nv2.raw\n", []));
        AssertBody(Body.Write(_folder["b.nhdr"], Nrrd(more: "data file: v%d.raw 1 2 1\n"), []));
        AssertRefused(Body.Write(_folder["c.nhdr"], Nrrd(more: "data file: v%d.raw 1 3 1\n"), []), "v3.raw");
    }

    [TestCase("TransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = -20 -15 100\n")]
    [TestCase("Rotation = 1 0 0 0 1 0 0 0 1\nPosition = -20 -15 100\nAnatomicalOrientation = RAI\n")]
    [TestCase("Orientation = 1 0 0 0 1 0 0 0 1\nOrigin = -20 -15 100\nAnatomicalOrientation = ???\n")]
    [TestCase("Offset = -20 -15 100\nAnatomicalOrientation = RAI\n")]
    [TestCase("Offset = -20 -15 100\n")]
    public void Meta_image_geometry_is_read_under_all_its_names(string more) =>
        AssertBody(Body.Write(_folder["v.mha"], Meta(more), Body.Bytes));

    [Test]
    public void Meta_image_of_one_time_point_is_a_volume() => AssertBody(Body.Write(
        _folder["v.mha"],
        Meta("TransformMatrix = 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1\nOffset = -20 -15 100 0\n", "24 20 8 1", "1.5 1.5 2 1"),
        Body.Bytes));

    [Test]
    public void Meta_image_axes_are_the_rows_of_its_matrix()
    {
        // Axis x runs to the head, y to the left, z to the back.
        const string matrix = "TransformMatrix = 0 0 1 1 0 0 0 1 0\nOffset = 1 2 3\n";
        var path = Body.Write(_folder["v.mha"], Meta(matrix), Body.Bytes);
        Assert.That(Orientation.Of(VolumeFile.ReadHeader(path).Grid), Is.EqualTo("SLP"));
        Assert.That(VolumeFile.ReadHeader(path).Warnings, Is.Empty);
        // The side that each axis comes from.
        path = Body.Write(_folder["w.mha"], Meta(matrix + "AnatomicalOrientation = IRA\n"), Body.Bytes);
        Assert.That(VolumeFile.ReadHeader(path).Warnings, Is.Empty);
        path = Body.Write(_folder["x.mha"], Meta(matrix + "AnatomicalOrientation = RAI\n"), Body.Bytes);
        Assert.That(VolumeFile.ReadHeader(path).Warnings.Single(), Does.Contain("the matrix is used"));
        path = Body.Write(_folder["y.mha"], Meta("Offset = 1 2 3\nAnatomicalOrientation = LPI\n"), Body.Bytes);
        Assert.That(Orientation.Of(VolumeFile.ReadHeader(path).Grid), Is.EqualTo("RAS"));
    }

    [TestCase("24 20 8", "1,5 1,5 2", "ElementSpacing")]
    [TestCase("24 20 8", "0.15 0.15 0.2", "measures 3.6 × 3 × 1.6 mm")]
    [TestCase("24 20 8", "15 15 25", "15 × 15 × 25 mm")]
    [TestCase("24 20 8", "1.5 1.5", "2 numbers in its field 'ElementSpacing'")]
    [TestCase("24 20 4 2", "1.5 1.5 2 1", "time point")]
    public void Meta_image_with_numbers_that_cannot_be_is_refused(string sizes, string spacing, string words) =>
        AssertRefused(Body.Write(_folder["v.mha"], Meta("", sizes, spacing), Body.Bytes), words);

    [Test]
    public void Formats_that_are_not_read_are_named()
    {
        File.WriteAllBytes(_folder["a.mgz"], new byte[500]);
        AssertRefused(_folder["a.mgz"], "FreeSurfer");
        var analyze = new byte[348];
        BitConverter.TryWriteBytes(analyze, 348);
        File.WriteAllBytes(_folder["a.hdr"], analyze);
        File.WriteAllBytes(_folder["a.img"], new byte[500]);
        AssertRefused(_folder["a.hdr"], "Analyze 7.5");
        AssertRefused(_folder["a.img"], "Analyze 7.5");
    }

    private static void AssertRefused(string path, string words) => Assert.That(
        () => VolumeFile.ReadIntensities(path),
        Throws.TypeOf<UserErrorException>().With.Message.Contains(words).And.Message.Contains(Path.GetFileNameWithoutExtension(path)));
}
