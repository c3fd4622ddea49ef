using System.Text;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>Public files, where the machine has them; expected values were read with nibabel.</summary>
public sealed class VolumeFileRealDataTests
{
    private string _data = "";
    private string _folder = "";

    [OneTimeSetUp]
    public void FindData()
    {
        if (SharedData.Find("totalsegmentator") is { } found)
            _data = found;
        else
            Assert.Ignore("shared/data/totalsegmentator was not found in any folder above.");
    }

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("volume-file").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void Thorax_ct_has_the_values_nibabel_reads()
    {
        var volume = VolumeFile.ReadIntensities(Path.Combine(_data, "thorax_ct.nii.gz"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(120, 126, 164)));
            Assert.That(volume.Grid.SpacingMm, Is.EqualTo(new Vector3D(1.5, 1.5, 1.5)));
            Assert.That(volume.Grid.OriginMm.X, Is.EqualTo(-71.65820312).Within(1e-5));
            Assert.That(volume.Grid.OriginMm.Y, Is.EqualTo(-255.65820312).Within(1e-5));
            Assert.That(volume.Grid.OriginMm.Z, Is.EqualTo(540.20001221).Within(1e-5));
            Assert.That(Orientation.Of(volume.Grid), Is.EqualTo("LPS"));
            Assert.That(volume[10, 20, 5], Is.EqualTo(107));
            Assert.That(volume[60, 63, 82], Is.EqualTo(422));
            Assert.That(volume[119, 0, 163], Is.EqualTo(-945));
            Assert.That(volume.Voxels.Sum(value => (double)value), Is.EqualTo(-497705824.0));
        }
    }

    [Test]
    public void Aorta_mask_has_as_many_voxels_as_nibabel_counts() =>
        Assert.That(
            VolumeFile.ReadLabels(Path.Combine(_data, "thorax_ct_aorta.nii.gz")).Voxels.Sum(value => (int)value),
            Is.EqualTo(72810));

    [Test]
    public void Mr_has_the_values_nibabel_reads()
    {
        var volume = VolumeFile.ReadIntensities(Path.Combine(_data, "mr_small.nii.gz"));
        Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(117, 91, 20)));
        Assert.That(volume[10, 20, 5], Is.EqualTo(625));
        Assert.That(volume[58, 45, 10], Is.EqualTo(303));
    }

    [Test]
    public void Dicom_folder_is_one_volume()
    {
        var path = Path.Combine(_data, "dicom");
        var header = VolumeFile.ReadHeader(path);
        var volume = VolumeFile.ReadIntensities(path);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(header.Format, Is.EqualTo("DICOM"));
            Assert.That(header.Grid.Size, Is.EqualTo(new GridSize(512, 512, 20)));
            Assert.That(header.PixelType, Is.EqualTo("16-bit signed integer"));
            Assert.That(volume.Grid, Is.EqualTo(header.Grid));
            Assert.That(volume.Voxels.Min(), Is.InRange(-2048, -900));
        }
    }

    [Test]
    public void Folder_with_two_series_is_refused()
    {
        var file = Directory.GetFiles(Path.Combine(_data, "dicom")).Order().First();
        WriteWithSeries(file, "1.2.34", "a.dcm");
        WriteWithSeries(file, "1.2.56", "b.dcm");
        Assert.That(
            () => VolumeFile.ReadHeader(_folder),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains 2 DICOM series")
                .And.Message.Contains("1.2.34").And.Message.Contains("1.2.56"));
    }

    [Test]
    public void Missing_slice_is_noticed()
    {
        // File names end in instance numbers; the sixth of twelve neighbours is left out.
        var files = Directory.GetFiles(Path.Combine(_data, "dicom")).Order().Take(12).ToArray();
        foreach (var file in files.Where(file => file != files[5]))
            File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
        Assert.That(
            () => VolumeFile.ReadIntensities(_folder),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("1 slice is missing"));
    }

    // The public slices have an empty Series Instance UID (0020,000E), explicit value representation UI.
    private void WriteWithSeries(string file, string uid, string name)
    {
        byte[] tag = [0x20, 0, 0x0e, 0, (byte)'U', (byte)'I'];
        var bytes = File.ReadAllBytes(file);
        var at = bytes.AsSpan().IndexOf((byte[])[.. tag, 0, 0]);
        Assert.That(at, Is.Positive);
        File.WriteAllBytes(
            Path.Combine(_folder, name),
            [.. bytes[..at], .. tag, (byte)uid.Length, 0, .. Encoding.ASCII.GetBytes(uid), .. bytes[(at + 8)..]]);
    }
}
