using System.Buffers.Binary;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.IO;

/// <summary>NIfTI headers written byte by byte after nifti1.h: dimensions, scaling, shear, version 2.</summary>
public sealed class VolumeFileDimensionTests
{
    private string _path = "";

    [SetUp]
    public void ChooseName() => _path = Path.Combine(Path.GetTempPath(), $"dimensions-{Guid.NewGuid():N}.nii");

    [TearDown]
    public void RemoveFile() => File.Delete(_path);

    // Voxels are bytes 0, 1, 2, …; spacing 2, 3, 4.
    private static byte[] Bytes(params short[] size)
    {
        var count = size.Aggregate(1, (product, n) => product * n);
        var bytes = new byte[352 + count];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 348);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(40), (short)size.Length);
        for (var i = 0; i < 7; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(42 + (2 * i)), i < size.Length ? size[i] : (short)1);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(70), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(72), 8);
        Floats(bytes, 76, 1, 2, 3, 4, 1);
        Floats(bytes, 108, 352);
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        for (var i = 0; i < count; i++)
            bytes[352 + i] = (byte)i;
        return bytes;
    }

    private static void Floats(byte[] bytes, int at, params float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at + (4 * i)), values[i]);
    }

    [Test]
    public void Two_dimensions_are_one_slice()
    {
        File.WriteAllBytes(_path, Bytes(3, 2));
        var volume = VolumeFile.ReadLabels(_path);
        Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(3, 2, 1)));
        Assert.That(volume.Grid.SpacingMm, Is.EqualTo(new Vector3D(2, 3, 1)));
        Assert.That(volume.Voxels, Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void One_time_point_is_a_volume()
    {
        File.WriteAllBytes(_path, Bytes(3, 2, 2, 1));
        var volume = VolumeFile.ReadIntensities(_path);
        Assert.That(volume.Grid.Size, Is.EqualTo(new GridSize(3, 2, 2)));
        Assert.That(volume[2, 1, 1], Is.EqualTo(11));
    }

    [Test]
    public void Several_time_points_are_refused()
    {
        File.WriteAllBytes(_path, Bytes(3, 2, 2, 5));
        Assert.That(
            () => VolumeFile.ReadHeader(_path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("3×2×2×5"));
    }

    [Test]
    public void Scaled_integers_come_as_real_values()
    {
        var bytes = Bytes(2, 1, 2);
        Floats(bytes, 112, 0.5f, -10);
        File.WriteAllBytes(_path, bytes);
        Assert.That(VolumeFile.ReadIntensities(_path).Voxels, Is.EqualTo(new[] { -10, -9.5f, -9, -8.5f }));
    }

    [Test]
    public void Sheared_axes_are_explained()
    {
        var bytes = Bytes(2, 2, 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(254), 2);
        Floats(bytes, 280, 2, 1, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0);
        File.WriteAllBytes(_path, bytes);
        Assert.That(
            () => VolumeFile.ReadIntensities(_path),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("sheared"));
    }
}
