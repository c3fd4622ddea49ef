using System.Runtime.InteropServices;
using itk.simple;

namespace SimpleITK.Bridge.Tests;

/// <summary>Small images with known values, and their values as an array.</summary>
internal static class Images
{
    /// <summary>Rotated about two axes: columns (0.8, 0.6, 0), (−0.36, 0.48, 0.8) and (0.48, −0.64, 0.6).</summary>
    public static readonly double[] ObliqueRowMajor = [0.8, -0.36, 0.48, 0.6, 0.48, -0.64, 0, 0.8, 0.6];

    public static Image Floats(uint[] size, Func<int, float> value)
    {
        var image = new Image(new VectorUInt32(size), PixelIDValueEnum.sitkFloat32);
        var values = Enumerable.Range(0, (int)image.GetNumberOfPixels()).Select(value).ToArray();
        Marshal.Copy(values, 0, image.GetBufferAsFloat(), values.Length);
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
        var scalars = (int)image.GetNumberOfComponentsPerPixel();
        if (scalars > 1)
        {
            var bytes = new byte[image.GetNumberOfPixels() * scalars];
            Marshal.Copy(image.GetBufferAsUInt8(), bytes, 0, bytes.Length);
            return [.. bytes.Select(value => (double)value)];
        }

        using var doubles = itk.simple.SimpleITK.Cast(image, PixelIDValueEnum.sitkFloat64);
        var values = new double[doubles.GetNumberOfPixels()];
        Marshal.Copy(doubles.GetBufferAsDouble(), values, 0, values.Length);
        return values;
    }
}

/// <summary>A fixture with a folder of its own, removed afterwards.</summary>
public abstract class FolderFixture
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("simpleitk-bridge").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected string In(string name) => Path.Combine(Folder, name);
}
