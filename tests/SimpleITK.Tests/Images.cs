using System.Runtime.InteropServices;
using itk.simple;

namespace SimpleITK.Tests;

/// <summary>A fixture with a folder of its own, removed afterwards.</summary>
public abstract class FolderFixture
{
    protected string Folder { get; private set; } = "";

    [SetUp]
    public void MakeFolder() => Folder = Directory.CreateTempSubdirectory("simpleitk-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(Folder, recursive: true);

    protected string In(string name) => Path.Combine(Folder, name);

    protected Image Read(string name, string format = "")
    {
        using var reader = new ImageFileReader();
        reader.SetFileName(In(name));
        reader.SetImageIO(format);
        return reader.Execute();
    }
}

internal static class Images
{
    /// <summary>All components of all pixels in memory order.</summary>
    public static double[] Values(this Image image)
    {
        var count = (int)(image.GetNumberOfPixels() * image.GetNumberOfComponentsPerPixel());
        var scalar = image.GetPixelID().swigValue % PixelIDValueEnum.sitkVectorUInt8.swigValue;
        Func<int, double> read = scalar switch
        {
            0 => i => Marshal.ReadByte(image.GetConstBufferAsUInt8(), i),
            1 => i => (sbyte)Marshal.ReadByte(image.GetConstBufferAsInt8(), i),
            2 => i => (ushort)Marshal.ReadInt16(image.GetConstBufferAsUInt16(), 2 * i),
            3 => i => Marshal.ReadInt16(image.GetConstBufferAsInt16(), 2 * i),
            4 => i => (uint)Marshal.ReadInt32(image.GetConstBufferAsUInt32(), 4 * i),
            5 => i => Marshal.ReadInt32(image.GetConstBufferAsInt32(), 4 * i),
            8 => i => BitConverter.Int32BitsToSingle(Marshal.ReadInt32(image.GetConstBufferAsFloat(), 4 * i)),
            _ => throw new NotSupportedException($"{image.GetPixelID()}"),
        };
        return [.. Enumerable.Range(0, count).Select(read)];
    }
}
