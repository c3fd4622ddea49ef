using System.IO.Compression;
using System.Text;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>NRRD and MetaImage with voxels in the file or beside it, whole and damaged.</summary>
public sealed class DetachedDataTests
{
    private static readonly Grid Oblique = new(
        new GridSize(4, 3, 2),
        new Vector3D(0.75, 1.25, 3),
        new Vector3D(-12.5, 30.25, -401.125),
        new Direction(new(0.8, 0.6, 0), new(-0.36, 0.48, 0.8), new(0.48, -0.64, 0.6)));

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private static byte[] Voxels => [.. Enumerable.Range(0, 24).SelectMany(i => new[] { (byte)i, (byte)0 })];

    private static byte[] Gzip(byte[] bytes, bool zlib)
    {
        using var memory = new MemoryStream();
        using (Stream stream = zlib
            ? new ZLibStream(memory, CompressionLevel.Fastest) : new GZipStream(memory, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return memory.ToArray();
    }

    // NRRD gives the vectors from voxel to voxel.
    private static string Nrrd(string encoding, string dataFile) =>
        $"""
        NRRD0005
        type: int16
        dimension: 3
        space: left-posterior-superior
        sizes: 4 3 2
        space directions: (0.6,0.45,0) (-0.45,0.6,1) (1.44,-1.92,1.8)
        endian: little
        encoding: {encoding}
        space origin: (-12.5,30.25,-401.125)
        {dataFile}
        """.ReplaceLineEndings("\n") + (dataFile.Length > 0 ? "\n" : "");

    private static string Meta(string more, string data) =>
        $"""
        ObjectType = Image
        NDims = 3
        BinaryData = True
        BinaryDataByteOrderMSB = False
        TransformMatrix = 0.8 0.6 0 -0.36 0.48 0.8 0.48 -0.64 0.6
        Offset = -12.5 30.25 -401.125
        ElementSpacing = 0.75 1.25 3
        DimSize = 4 3 2
        ElementType = MET_SHORT
        {more}
        ElementDataFile = {data}

        """.ReplaceLineEndings("\n");

    private static void AssertVolume(string path)
    {
        var volume = VolumeFile.ReadIntensities(path);
        Assert.That(volume.Voxels, Is.EqualTo(Enumerable.Range(0, 24)));
        using (Assert.EnterMultipleScope())
        {
            for (var axis = 0; axis < 3; axis++)
            {
                Assert.That(volume.Grid.SpacingMm[axis], Is.EqualTo(Oblique.SpacingMm[axis]).Within(1e-9));
                Assert.That(volume.Grid.OriginMm[axis], Is.EqualTo(Oblique.OriginMm[axis]).Within(1e-9));
            }

            Assert.That(
                volume.Grid.Direction.ToRowMajor(), Is.EqualTo(Oblique.Direction.ToRowMajor()).Within(1e-9));
        }
    }

    private string WriteBytes(string name, string header, byte[] data)
    {
        File.WriteAllBytes(_folder[name], [.. Encoding.ASCII.GetBytes(header), .. data]);
        return _folder[name];
    }

    [Test]
    public void Nrrd_with_detached_voxels_is_read([Values("raw", "gzip")] string encoding)
    {
        File.WriteAllBytes(_folder["voxels"], encoding == "raw" ? Voxels : Gzip(Voxels, zlib: false));
        AssertVolume(WriteBytes("v.nhdr", Nrrd(encoding, "data file: voxels"), []));
    }

    [Test]
    public void Truncated_nrrd_is_refused([Values("raw", "gzip")] string encoding, [Values] bool detached)
    {
        var data = encoding == "raw" ? Voxels : Gzip(Voxels, zlib: false);
        File.WriteAllBytes(_folder["voxels"], data[..^20]);
        var path = detached
            ? WriteBytes("v.nhdr", Nrrd(encoding, "data file: voxels"), [])
            : WriteBytes("v.nrrd", Nrrd(encoding, "") + "\n", data[..^20]);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains(Path.GetFileName(path)));
    }

    [Test]
    public void Nrrd_without_its_voxels_is_refused()
    {
        var path = WriteBytes("v.nhdr", Nrrd("raw", "data file: voxels"), []);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("v.nhdr"));
    }

    [Test]
    public void Meta_image_is_read([Values] bool compressed, [Values] bool detached)
    {
        var data = compressed ? Gzip(Voxels, zlib: true) : Voxels;
        var more = compressed ? $"CompressedData = True\nCompressedDataSize = {data.Length}" : "CompressedData = False";
        File.WriteAllBytes(_folder["v.raw"], data);
        AssertVolume(detached
            ? WriteBytes("v.mhd", Meta(more, "v.raw"), [])
            : WriteBytes("v.mha", Meta(more, "LOCAL"), data));
    }

    [Test]
    public void Truncated_meta_image_is_refused([Values] bool compressed, [Values] bool detached)
    {
        var data = compressed ? Gzip(Voxels, zlib: true) : Voxels;
        var more = compressed ? $"CompressedData = True\nCompressedDataSize = {data.Length}" : "CompressedData = False";
        File.WriteAllBytes(_folder["v.raw"], data[..^20]);
        var path = detached
            ? WriteBytes("v.mhd", Meta(more, "v.raw"), [])
            : WriteBytes("v.mha", Meta(more, "LOCAL"), data[..^20]);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("of the 48 bytes of voxels")
                .And.Message.Contains(Path.GetFileName(path)));
    }

    [Test]
    public void Meta_image_without_its_voxels_is_refused() => Assert.That(
        () => VolumeFile.ReadIntensities(WriteBytes("v.mhd", Meta("CompressedData = False", "v.raw"), [])),
        Throws.TypeOf<UserErrorException>().With.Message.Contains("names the data file 'v.raw', which does not exist"));

    [Test]
    public void Nrrd_that_misses_its_last_bytes_is_refused([Values] bool detached)
    {
        File.WriteAllBytes(_folder["voxels"], Voxels[..^2]);
        var path = detached
            ? WriteBytes("v.nhdr", Nrrd("raw", "data file: voxels"), [])
            : WriteBytes("v.nrrd", Nrrd("raw", "") + "\n", Voxels[..^2]);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains 46 of the 48 bytes of voxels"));
    }

    [Test]
    public void Files_of_a_volume_are_all_that_hold_a_part_of_it()
    {
        File.WriteAllBytes(_folder["v.raw"], Voxels);
        File.WriteAllBytes(_folder["v1.raw"], Voxels[..24]);
        File.WriteAllBytes(_folder["v2.raw"], Voxels[24..]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Names(WriteBytes("v.mhd", Meta("CompressedData = False", "v.raw"), [])), Is.EqualTo(new[] { "v.mhd", "v.raw" }));
            Assert.That(
                Names(WriteBytes("l.mhd", Meta("CompressedData = False", "LIST 2D\nv1.raw\nv2.raw"), [])),
                Is.EqualTo(new[] { "l.mhd", "v1.raw", "v2.raw" }));
            Assert.That(Names(WriteBytes("v.nhdr", Nrrd("raw", "data file: v.raw"), [])), Is.EqualTo(new[] { "v.nhdr", "v.raw" }));
            Assert.That(
                Names(WriteBytes("l.nhdr", Nrrd("raw", "data file: LIST\nv1.raw\nv2.raw"), [])),
                Is.EqualTo(new[] { "l.nhdr", "v1.raw", "v2.raw" }));
            Assert.That(Names(WriteBytes("v.nrrd", Nrrd("raw", "") + "\n", Voxels)), Is.EqualTo(new[] { "v.nrrd" }));
        }

        static string[] Names(string path) => [.. VolumeFile.FilesOf(path).Select(file => Path.GetFileName(file))];
    }
}
