using System.Buffers.Binary;

namespace SimpleITK.Tests;

/// <summary>NIfTI files written here byte by byte, after the definition of the NIfTI-1 header.</summary>
public sealed class NiftiTests : FolderFixture
{
    // Voxels 0 … 7 as 16-bit integers on a 2×2×2 grid; offsets are those of nifti1.h.
    private static byte[] Header(short[] values)
    {
        var bytes = new byte[352 + (2 * values.Length)];
        void Short(int at, params short[] items)
        {
            foreach (var item in items)
            {
                BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(at), item);
                at += 2;
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes, 348);
        Short(40, 3, 2, 2, 2, 1, 1, 1, 1);
        Short(70, 4, 16);
        Float(bytes, 76, 1, 2, 3, 4);
        Float(bytes, 108, 352);
        bytes[123] = 2;
        "n+1\0"u8.CopyTo(bytes.AsSpan(344));
        Short(352, values);
        return bytes;
    }

    private static void Float(byte[] bytes, int at, params float[] items)
    {
        foreach (var item in items)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(at), item);
            at += 4;
        }
    }

    private static void Forms(byte[] bytes, short qform, short sform)
    {
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(252), qform);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(254), sform);
    }

    [Test]
    public void Scaled_integers_come_as_real_values()
    {
        var bytes = Header([0, 1, 2, 3, 4, 5, 6, -7]);
        Float(bytes, 112, 0.5f, -10);
        File.WriteAllBytes(In("scaled.nii"), bytes);
        using var image = Read("scaled.nii");
        Assert.That(image.GetPixelID(), Is.SameAs(itk.simple.PixelIDValueEnum.sitkFloat32));
        Assert.That(image.Values(), Is.EqualTo(new[] { -10, -9.5, -9, -8.5, -8, -7.5, -7, -13.5 }));
    }

    [Test]
    public void Slope_of_zero_means_unscaled()
    {
        var bytes = Header([0, 1, 2, 3, 4, 5, 6, -7]);
        Float(bytes, 112, 0, 0);
        File.WriteAllBytes(In("plain.nii"), bytes);
        using var image = Read("plain.nii");
        Assert.That(image.Values(), Is.EqualTo(new[] { 0, 1, 2, 3, 4, 5, 6, -7 }));
    }

    [Test]
    public void Sform_gives_place_and_direction_in_lps()
    {
        // RAS rows of the matrix: x = −2 i + 10, y = 4 k − 20, z = 3 j + 30; in LPS x and y change sign.
        var bytes = Header(new short[8]);
        Forms(bytes, 0, 2);
        Float(bytes, 280, -2, 0, 0, 10, 0, 0, 4, -20, 0, 3, 0, 30);
        File.WriteAllBytes(In("sform.nii"), bytes);
        using var image = Read("sform.nii");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetSpacing(), Is.EqualTo(new double[] { 2, 3, 4 }).Within(1e-6));
            Assert.That(image.GetOrigin(), Is.EqualTo(new double[] { -10, 20, 30 }).Within(1e-6));
            Assert.That(image.GetDirection(), Is.EqualTo(new double[] { 1, 0, 0, 0, 0, -1, 0, 1, 0 }).Within(1e-6));
        }
    }

    [Test]
    public void Qform_gives_place_and_direction_in_lps()
    {
        // A half turn about z (quaternion 0, 0, 0, 1): RAS (x, y) = (−2 i, −3 j), so LPS (2 i, 3 j).
        var bytes = Header(new short[8]);
        Forms(bytes, 1, 0);
        Float(bytes, 256, 0, 0, 1, 5, 6, 7);
        File.WriteAllBytes(In("qform.nii"), bytes);
        using var image = Read("qform.nii");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(image.GetSpacing(), Is.EqualTo(new double[] { 2, 3, 4 }).Within(1e-6));
            Assert.That(image.GetOrigin(), Is.EqualTo(new double[] { -5, -6, 7 }).Within(1e-6));
            Assert.That(image.GetDirection(), Is.EqualTo(new double[] { 1, 0, 0, 0, 1, 0, 0, 0, 1 }).Within(1e-6));
        }
    }

    [Test]
    public void Sheared_sform_is_refused()
    {
        var bytes = Header(new short[8]);
        Forms(bytes, 0, 2);
        Float(bytes, 280, 2, 1, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0);
        File.WriteAllBytes(In("sheared.nii"), bytes);
        Assert.That(
            () => Read("sheared.nii"),
            Throws.TypeOf<ApplicationException>().With.Message.Contains("orthonormal"));
    }
}
