using System.Buffers.Binary;
using System.IO.Compression;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>NIfTI files of both versions and byte orders, written after nifti1.h and nifti2.h.</summary>
public sealed class NiftiFileTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    // 3×2×2 voxels of spacing 2, 3, 4.
    private sealed class Header(int version, bool bigEndian)
    {
        public readonly byte[] Bytes = new byte[version == 1 ? 352 : 544];
        private readonly bool _second = version == 2;

        public Header Start(short type, int bytesPerVoxel, params long[] sizes)
        {
            Int32(0, _second ? 540 : 348);
            if (_second)
                "n+2\0\r\n\u001a\n"u8.CopyTo(Bytes.AsSpan(4));
            else
                "n+1\0"u8.CopyTo(Bytes.AsSpan(344));
            Int16(_second ? 12 : 70, type);
            Int16(_second ? 14 : 72, (short)(8 * bytesPerVoxel));
            long[] dimensions = [sizes.Length, .. sizes];
            for (var i = 0; i < dimensions.Length; i++)
            {
                if (_second)
                    Int64(16 + (8 * i), dimensions[i]);
                else
                    Int16(40 + (2 * i), (short)dimensions[i]);
            }

            Reals(_second ? 104 : 76, 1, 2, 3, 4, 1);
            if (_second)
                Int64(168, 544);
            else
                Reals(108, 352);
            return this;
        }

        public Header Scaling(double slope, double intercept)
        {
            Reals(_second ? 176 : 112, slope);
            Reals(_second ? 184 : 116, intercept);
            return this;
        }

        public Header Sform(params double[] rows)
        {
            if (_second)
                Int32(348, 1);
            else
                Int16(254, 1);
            Reals(_second ? 400 : 280, rows);
            return this;
        }

        public Header Qform(double qfac, params double[] quaternionAndOffset)
        {
            if (_second)
                Int32(344, 1);
            else
                Int16(252, 1);
            Reals(_second ? 104 : 76, qfac);
            Reals(_second ? 352 : 256, quaternionAndOffset);
            return this;
        }

        public void Int16(int at, short value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt16BigEndian(Bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteInt16LittleEndian(Bytes.AsSpan(at), value);
        }

        public void Int32(int at, int value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt32BigEndian(Bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteInt32LittleEndian(Bytes.AsSpan(at), value);
        }

        public void Reals(int at, params double[] values)
        {
            for (var i = 0; i < values.Length; i++)
            {
                if (_second)
                    Int64(at + (8 * i), BitConverter.DoubleToInt64Bits(values[i]));
                else
                    Int32(at + (4 * i), BitConverter.SingleToInt32Bits((float)values[i]));
            }
        }

        private void Int64(int at, long value)
        {
            if (bigEndian)
                BinaryPrimitives.WriteInt64BigEndian(Bytes.AsSpan(at), value);
            else
                BinaryPrimitives.WriteInt64LittleEndian(Bytes.AsSpan(at), value);
        }
    }

    private static Header Standard(int version = 1, bool bigEndian = false) =>
        new Header(version, bigEndian).Start(4, 2, 3, 2, 2);

    // The voxels 0 to 11 as 16-bit integers.
    private string Write(Header header, bool bigEndian = false, string name = "v.nii")
    {
        var bytes = header.Bytes.ToList();
        for (short i = 0; i < 12; i++)
            bytes.AddRange(bigEndian ? [(byte)(i >> 8), (byte)i] : new[] { (byte)i, (byte)(i >> 8) });
        return WriteBytes([.. bytes], name);
    }

    private string WriteBytes(byte[] bytes, string name = "v.nii")
    {
        using var file = File.Create(_folder[name]);
        using Stream stream = name.EndsWith(".gz", StringComparison.Ordinal)
            ? new GZipStream(file, CompressionLevel.Fastest) : file;
        stream.Write(bytes);
        return _folder[name];
    }

    private static void AssertRefused(string path, params string[] words)
    {
        var error = Assert.Throws<UserErrorException>(() => VolumeFile.ReadIntensities(path));
        Assert.That(error!.Message, Does.Contain(Path.GetFileName(path)));
        foreach (var word in words)
            Assert.That(error.Message, Does.Contain(word));
    }

    [Test]
    public void Both_versions_are_read_in_either_byte_order_compressed_or_not(
        [Values(1, 2)] int version, [Values] bool bigEndian, [Values("v.nii", "v.nii.gz")] string name)
    {
        // RAS rows: x = −2 i + 10, y = 4 k − 20, z = 3 j + 30.
        var header = Standard(version, bigEndian)
            .Scaling(0.5, -10)
            .Sform(-2, 0, 0, 10, 0, 0, 4, -20, 0, 3, 0, 30);
        var path = Write(header, bigEndian, name);
        var volume = VolumeFile.ReadIntensities(path);
        var read = VolumeFile.ReadHeader(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(3, 2, 2)));
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(new Vector3D(2, 3, 4)));
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(new Vector3D(-10, 20, 30)));
            Assert.That(
                volume.Grid.Direction.ToRowMajor(), Is.EqualTo(new double[] { 1, 0, 0, 0, 0, -1, 0, 1, 0 }));
            Assert.That(volume.Voxels, Is.EqualTo(Enumerable.Range(0, 12).Select(i => (i / 2.0) - 10)));
            Assert.That(read.PixelType, Is.EqualTo("32-bit float"));
            Assert.That(read.Format, Is.EqualTo("NIfTI"));
            Assert.That(read.Warnings, Is.Empty);
        }
    }

    [TestCase(2, new byte[] { 0, 255 }, 0, 255)]
    [TestCase(256, new byte[] { 1, 255 }, 1, -1)]
    [TestCase(512, new byte[] { 255, 255, 1, 0 }, 65535, 1)]
    [TestCase(8, new byte[] { 255, 255, 255, 255, 0, 0, 1, 0 }, -1, 65536)]
    [TestCase(768, new byte[] { 0, 0, 0, 128, 0, 0, 1, 0 }, 2147483648, 65536)]
    [TestCase(16, new byte[] { 0, 0, 192, 63, 0, 0, 128, 191 }, 1.5, -1)]
    [TestCase(64, new byte[] { 0, 0, 0, 0, 0, 0, 248, 63, 0, 0, 0, 0, 0, 0, 240, 191 }, 1.5, -1)]
    [TestCase(1024, new byte[] { 255, 255, 255, 255, 255, 255, 255, 255, 7, 0, 0, 0, 0, 0, 0, 0 }, -1, 7)]
    [TestCase(1280, new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0 }, 9, 7)]
    public void Every_type_of_number_is_read(short type, byte[] voxels, double first, double second)
    {
        ArgumentNullException.ThrowIfNull(voxels);
        foreach (var bigEndian in (bool[])[false, true])
        {
            var size = voxels.Length / 2;
            byte[] stored = bigEndian
                ? [.. voxels[..size].Reverse(), .. voxels[size..].Reverse()]
                : voxels;
            var header = new Header(1, bigEndian).Start(type, size, 2, 1, 1);
            var path = WriteBytes([.. header.Bytes, .. stored]);
            Assert.That(VolumeFile.ReadIntensities(path).Voxels, Is.EqualTo(new[] { first, second }));
        }
    }

    [Test]
    public void Qform_alone_places_the_volume([Values(1, -1)] int qfac)
    {
        // A half turn about z: RAS (−2 i + 5, −3 j + 6, ±4 k + 7).
        var grid = VolumeFile.ReadHeader(Write(Standard().Qform(qfac, 0, 0, 1, 5, 6, 7))).Grid;
        Assert.That(grid.OriginMm, Is.EqualTo(new Vector3D(-5, -6, 7)));
        Assert.That(grid.Direction, Is.EqualTo(new Direction(new(1, 0, 0), new(0, 1, 0), new(0, 0, qfac))));
    }

    [Test]
    public void Qform_of_an_oblique_scan_is_a_rotation()
    {
        // (a, b, c, d) = (½, ½, ½, ½) turns x to y, y to z, z to x.
        var grid = VolumeFile.ReadHeader(Write(Standard().Qform(1, 0.5, 0.5, 0.5, 0, 0, 0))).Grid;
        Assert.That(
            grid.Direction.ToRowMajor(), Is.EqualTo(new double[] { 0, 0, -1, -1, 0, 0, 0, 1, 0 }).Within(1e-12));
    }

    [Test]
    public void Sform_wins_over_a_qform_that_disagrees_and_that_is_said()
    {
        var header = Standard().Qform(1, 0, 0, 1, 5, 6, 7).Sform(2, 0, 0, 1, 0, 3, 0, 2, 0, 0, 4, 3);
        var path = Write(header);
        var warnings = new List<string>();
        var grid = VolumeFile.ReadIntensities(path, warnings).Grid;
        Assert.That(grid.OriginMm, Is.EqualTo(new Vector3D(-1, -2, 3)));
        // The first voxel lies at RAS (1, 2, 3) by the sform and at (5, 6, 7) by the qform, √48 mm apart.
        Assert.That(warnings.Single(), Does.Contain("v.nii").And.Contain("up to 6.9 mm apart; the sform is used"));
        Assert.That(VolumeFile.ReadHeader(path).Warnings, Is.EqualTo(warnings));
    }

    [Test]
    public void Sform_and_qform_that_agree_are_no_matter()
    {
        var path = Write(Standard().Qform(1, 0, 0, 0, 5, 6, 7).Sform(2, 0, 0, 5, 0, 3, 0, 6, 0, 0, 4, 7));
        Assert.That(VolumeFile.ReadHeader(path).Warnings, Is.Empty);
    }

    [Test]
    public void Sheared_sform_gives_way_to_the_qform()
    {
        var header = VolumeFile.ReadHeader(
            Write(Standard().Qform(1, 0, 0, 0, 5, 6, 7).Sform(2, 1, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0)));
        Assert.That(header.Grid.OriginMm, Is.EqualTo(new Vector3D(-5, -6, 7)));
        Assert.That(header.Warnings.Single(), Does.Contain("sheared"));
    }

    [Test]
    public void File_without_orientation_is_taken_as_ras_and_that_is_said()
    {
        var header = VolumeFile.ReadHeader(Write(Standard()));
        Assert.That(Orientation.Of(header.Grid), Is.EqualTo("RAS"));
        Assert.That(header.Warnings.Single(), Does.Contain("neither an sform nor a qform"));
    }

    [Test]
    public void Lengths_in_metres_become_millimetres()
    {
        var header = Standard().Sform(0.002, 0, 0, 0.01, 0, 0.003, 0, 0, 0, 0, 0.004, 0);
        header.Reals(76, 1, 0.002, 0.003, 0.004);
        header.Bytes[123] = 1;
        var grid = VolumeFile.ReadHeader(Write(header)).Grid;
        Assert.That(grid.SpacingMm.Z, Is.EqualTo(4).Within(1e-6));
        Assert.That(grid.OriginMm.X, Is.EqualTo(-10).Within(1e-6));
    }

    [TestCase("v.nii")]
    [TestCase("v.nii.gz")]
    public void Dimensions_that_the_file_cannot_hold_are_refused_at_once(string name)
    {
        var header = new Header(2, false).Start(4, 2, 1200, 1200, 1200);
        header.Reals(104, 1, 1, 1, 1);
        AssertRefused(WriteBytes(header.Bytes, name), "0 of the 3456000000 bytes");
    }

    [Test]
    public void More_voxels_than_memory_can_hold_are_refused()
    {
        var header = new Header(2, false).Start(4, 2, 1L << 40, 1L << 40, 3);
        AssertRefused(WriteBytes(header.Bytes), "at most", "1099511627776×1099511627776×3");
    }

    [Test]
    public void Damaged_compression_is_named()
    {
        var values = new byte[200_000];
        new Random(1).NextBytes(values);
        var header = new Header(1, false).Start(2, 1, 200, 1000, 1);
        var path = WriteBytes([.. header.Bytes, .. values], "v.nii.gz");
        var bytes = File.ReadAllBytes(path);
        bytes[150_000] ^= 0xff;
        bytes.AsSpan(100_000, 30_000).Clear();
        File.WriteAllBytes(path, bytes);
        AssertRefused(path);
    }

    [Test]
    public void Broken_headers_are_explained()
    {
        AssertRefused(WriteBytes(Standard().Bytes[..300]), "ends after 300 bytes");
        AssertRefused(WriteBytes([]), "is empty");
        AssertRefused(WriteBytes([.. "<!DOCTYPE html>"u8]), "is not a NIfTI file");

        var pair = Standard();
        pair.Bytes[345] = (byte)'i';
        AssertRefused(Write(pair), "its magic string is 'ni1'");

        var type = new Header(1, false).Start(1536, 16, 3, 2, 2);
        AssertRefused(Write(type), "NIfTI type 1536");

        var size = new Header(1, false).Start(4, 2, 3, -2, 2);
        AssertRefused(Write(size), "-2 voxels along dimension 2");

        var dimensions = Standard();
        dimensions.Int16(40, 9);
        AssertRefused(Write(dimensions), "has 9 dimensions");

        var spacing = Standard();
        spacing.Reals(76, 1, 2, 0, 4);
        AssertRefused(Write(spacing), "spacing of 0 mm along dimension 2");

        AssertRefused(Write(Standard().Sform(2, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0)), "singular");
        AssertRefused(Write(Standard().Sform(2, 0, 0, double.NaN, 0, 3, 0, 0, 0, 0, 4, 0)), "singular");
        AssertRefused(Write(Standard().Scaling(1, double.NaN)), "intercept NaN");
    }

    [Test]
    public void Colours_are_refused()
    {
        var header = new Header(1, false).Start(128, 3, 2, 2, 1);
        AssertRefused(WriteBytes([.. header.Bytes, .. new byte[12]]), "3 values per voxel");
    }

    [Test]
    public void Slope_that_is_zero_or_no_number_means_unscaled([Values(0, double.NaN)] double slope)
    {
        var path = Write(Standard().Scaling(slope, 5));
        Assert.That(VolumeFile.ReadIntensities(path).Voxels, Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(VolumeFile.ReadHeader(path).PixelType, Is.EqualTo("16-bit signed integer"));
    }
}
