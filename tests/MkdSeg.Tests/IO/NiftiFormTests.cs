using System.Buffers.Binary;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>NIfTI files one of whose forms is broken, pairs of files, and spacings that no scan has.</summary>
public sealed class NiftiFormTests
{
    private TemporaryFolder _folder = null!;
    private byte[] _bytes = [];

    [SetUp]
    public void MakeFile()
    {
        _folder = new();
        VolumeFile.Write(Body.Volume, _folder["body.nii"]);
        _bytes = File.ReadAllBytes(_folder["body.nii"]);
    }

    [TearDown]
    public void RemoveFolder() => _folder.Dispose();

    private string Changed(string name, int at, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.AsSpan(at + (4 * i)), values[i]);
        File.WriteAllBytes(_folder[name], _bytes);
        return _folder[name];
    }

    private static readonly TestCaseData[] Broken =
    [
        new("quaternion", 256, new[] { float.NaN, 0, 0 }, "qform"),
        new("quaternion_long", 256, new[] { 3f, 0, 0 }, "qform"),
        new("pixdim_zero", 76, new[] { 1f, 0, 0, 0 }, "qform"),
        new("pixdim_nan", 80, new[] { float.NaN }, "qform"),
        new("qoffset", 268, new[] { float.NaN, float.NaN, float.NaN }, "qform"),
        new("sform_zero", 280, new float[12], "sform"),
        new("sform_nan", 280, new[] { float.NaN }, "sform"),
        new("sform_offset", 292, new[] { float.PositiveInfinity }, "sform"),
        new("sform_microns", 280, new[] { -1500f, 0, 0, 0, 0, -1500, 0, 0, 0, 0, 2000, 0 }, "sform"),
    ];

    [TestCaseSource(nameof(Broken))]
    public void Broken_form_gives_way_to_the_whole_one_with_a_warning(string name, int at, float[] values, string broken)
    {
        var path = Changed(name + ".nii", at, values);
        var warnings = new List<string>();
        var volume = VolumeFile.ReadIntensities(path, warnings);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(Body.Grid.SpacingMm));
            Assert.That(volume.Grid.OriginMm, Is.EqualTo(Body.Grid.OriginMm));
            Assert.That(volume.Grid.Direction.ToRowMajor(), Is.EqualTo(Direction.Identity.ToRowMajor()).Within(1e-6));
            Assert.That(volume.Voxels, Is.EqualTo(Body.Volume.Voxels));
            Assert.That(warnings.Single(), Does.StartWith($"The {broken} of '{path}' is not used"));
        }
    }

    [Test]
    public void Two_broken_forms_are_refused()
    {
        Changed("both.nii", 256, float.NaN);
        var path = Changed("both.nii", 280, new float[12]);
        Assert.That(() => VolumeFile.ReadIntensities(path), Throws.TypeOf<UserErrorException>().With.Message.Contains("spacing of 0 mm"));
    }

    [TestCase(1500f, 2000f, "1500 × 1500 × 2000 mm")]
    [TestCase(0.02f, 0.02f, "0.02 × 0.02 × 0.02 mm")]
    [TestCase(0.15f, 0.2f, "measures 3.6 × 3 × 1.6 mm")]
    [TestCase(15f, 25f, "15 × 15 × 25 mm")]
    [TestCase(1e30f, 1e30f, "mm are expected")]
    public void Spacing_that_no_scan_has_is_named(float inPlane, float slices, string words)
    {
        _bytes[252] = _bytes[254] = 0;
        var path = Changed("v.nii", 80, inPlane, inPlane, slices);
        Assert.That(() => VolumeFile.ReadIntensities(path), Throws.TypeOf<UserErrorException>().With.Message.Contains(words));
        Assert.That(() => VolumeFile.ReadHeader(path), Throws.TypeOf<UserErrorException>().With.Message.Contains("v.nii"));
    }

    private string Pair(string name, string imageExtension, Func<byte[], byte[]>? image = null)
    {
        var header = _bytes[..348];
        "ni1"u8.CopyTo(header.AsSpan(344));
        BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(108), 0);
        File.WriteAllBytes(_folder[name + ".hdr"], header);
        var voxels = _bytes[352..];
        File.WriteAllBytes(_folder[name + imageExtension], image?.Invoke(voxels) ?? voxels);
        return _folder[name + ".hdr"];
    }

    [Test]
    public void Pair_is_read_by_either_file([Values] bool compressed)
    {
        var path = Pair("good", compressed ? ".img.gz" : ".img", compressed ? Body.Gzip : null);
        foreach (var name in (string[])[path, Path.ChangeExtension(path, compressed ? ".img.gz" : ".img")])
        {
            var volume = VolumeFile.ReadIntensities(name);
            Assert.That(volume.Grid, Is.EqualTo(Body.Grid));
            Assert.That(volume.Voxels, Is.EqualTo(Body.Volume.Voxels));
            Assert.That(VolumeFile.FilesOf(name).Select(file => Path.GetExtension(file)), Is.EqualTo(new[] { ".hdr", compressed ? ".gz" : ".img" }));
        }
    }

    [Test]
    public void Pair_cut_short_is_refused([Values] bool compressed)
    {
        var path = Pair("cut", compressed ? ".img.gz" : ".img", voxels =>
            compressed ? Body.Gzip(voxels)[..^40] : voxels[..(voxels.Length / 2)]);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("cut.img").And.Message.Contains("of the 15360 bytes of voxels"));
        File.Delete(_folder[compressed ? "cut.img.gz" : "cut.img"]);
        Assert.That(
            () => VolumeFile.ReadIntensities(path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("'cut.img' is not next to it"));
    }

    [Test]
    public void Voxels_of_a_pair_that_are_not_finite_become_the_minimum()
    {
        var path = Pair("nan", ".img", voxels =>
        {
            // The columns x < 5.
            for (var i = 0; i < voxels.Length / 4; i++)
            {
                if (i % 24 < 5)
                    BinaryPrimitives.WriteSingleLittleEndian(voxels.AsSpan(4 * i), float.NaN);
            }

            return voxels;
        });
        var volume = VolumeFile.ReadIntensities(path);
        Assert.That(volume.Voxels.Min(), Is.EqualTo(-1000));
        // By numpy.
        Assert.That(volume.Voxels.Average(), Is.EqualTo(-440.4).Within(0.05));
    }

    [Test]
    public void Listing_names_a_pair_once()
    {
        Pair("good", ".img");
        File.WriteAllBytes(_folder["alone.img"], new byte[10]);
        Assert.That(
            Directory.GetFiles(_folder.Path).Where(VolumeListing.IsVolume).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal),
            Is.EqualTo(new[] { "alone.img", "body.nii", "good.hdr" }));
    }
}
