using System.Runtime.InteropServices;
using itk.simple;

namespace SimpleITK.Tests;

/// <summary>Small images with known values, and their values as an array.</summary>
internal static class Images
{
    /// <summary>Rotated about two axes: columns (0.8, 0.6, 0), (−0.36, 0.48, 0.8) and (0.48, −0.64, 0.6).</summary>
    public static readonly double[] ObliqueRowMajor = [0.8, -0.36, 0.48, 0.6, 0.48, -0.64, 0, 0.8, 0.6];

    /// <summary>An image of a scalar type whose voxels are first, first + 1, … in memory order.</summary>
    public static Image Counting(uint[] size, PixelIDValueEnum type, int first = 0)
    {
        var image = new Image(new VectorUInt32(size), type);
        var count = (int)image.GetNumberOfPixels();
        foreach (var i in Enumerable.Range(0, count))
        {
            var value = first + i;
            if (type == PixelIDValueEnum.sitkUInt8 || type == PixelIDValueEnum.sitkInt8)
                Marshal.WriteByte(Buffer(image), i, (byte)value);
            else if (type == PixelIDValueEnum.sitkUInt16 || type == PixelIDValueEnum.sitkInt16)
                Marshal.WriteInt16(Buffer(image), 2 * i, (short)value);
            else if (type == PixelIDValueEnum.sitkUInt32 || type == PixelIDValueEnum.sitkInt32)
                Marshal.WriteInt32(Buffer(image), 4 * i, value);
            else if (type == PixelIDValueEnum.sitkUInt64 || type == PixelIDValueEnum.sitkInt64)
                Marshal.WriteInt64(Buffer(image), 8 * i, value);
            else if (type == PixelIDValueEnum.sitkFloat32)
                Marshal.WriteInt32(Buffer(image), 4 * i, BitConverter.SingleToInt32Bits(value));
            else
                Marshal.WriteInt64(Buffer(image), 8 * i, BitConverter.DoubleToInt64Bits(value));
        }

        return image;
    }

    public static Image Bytes(uint[] size, params byte[] values)
    {
        var image = new Image(new VectorUInt32(size), PixelIDValueEnum.sitkUInt8);
        Marshal.Copy(values, 0, image.GetBufferAsUInt8(), values.Length);
        return image;
    }

    public static Image WithGeometry(this Image image, double[] spacing, double[] origin, double[] direction)
    {
        image.SetSpacing(new VectorDouble(spacing));
        image.SetOrigin(new VectorDouble(origin));
        image.SetDirection(new VectorDouble(direction));
        return image;
    }

    /// <summary>All components of all pixels in memory order.</summary>
    public static double[] Values(this Image image)
    {
        var count = (int)(image.GetNumberOfPixels() * image.GetNumberOfComponentsPerPixel());
        var scalar = image.GetPixelIDValue() % PixelIDValueEnum.sitkVectorUInt8.swigValue;
        var at = Buffer(image);
        Func<int, double> read = scalar switch
        {
            0 => i => Marshal.ReadByte(at, i),
            1 => i => (sbyte)Marshal.ReadByte(at, i),
            2 => i => (ushort)Marshal.ReadInt16(at, 2 * i),
            3 => i => Marshal.ReadInt16(at, 2 * i),
            4 => i => (uint)Marshal.ReadInt32(at, 4 * i),
            5 => i => Marshal.ReadInt32(at, 4 * i),
            6 or 7 => i => Marshal.ReadInt64(at, 8 * i),
            8 => i => BitConverter.Int32BitsToSingle(Marshal.ReadInt32(at, 4 * i)),
            _ => i => BitConverter.Int64BitsToDouble(Marshal.ReadInt64(at, 8 * i)),
        };
        return [.. Enumerable.Range(0, count).Select(read)];
    }

    private static nint Buffer(Image image) => (image.GetPixelIDValue() % PixelIDValueEnum.sitkVectorUInt8.swigValue) switch
    {
        0 => image.GetBufferAsUInt8(),
        1 => image.GetBufferAsInt8(),
        2 => image.GetBufferAsUInt16(),
        3 => image.GetBufferAsInt16(),
        4 => image.GetBufferAsUInt32(),
        5 => image.GetBufferAsInt32(),
        6 => image.GetBufferAsUInt64(),
        7 => image.GetBufferAsInt64(),
        8 => image.GetBufferAsFloat(),
        _ => image.GetBufferAsDouble(),
    };
}

/// <summary>A fixture with a folder of its own, removed afterwards.</summary>
public abstract class FolderFixture
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("simpleitk-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected string In(string name) => Path.Combine(Folder, name);
}
