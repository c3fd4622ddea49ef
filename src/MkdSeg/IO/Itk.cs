using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using itk.simple;

namespace MkdSeg.IO;

/// <summary>Decoded pixels of one image: values as stored, with the channels of a pixel interleaved.</summary>
internal sealed record ItkPixels(int Width, int Height, int Channels, VoxelType Type, float[] Values);

/// <summary>
/// The only access to SimpleITK, which decodes PNG and the compressed pixels of DICOM files. Nothing else loads it, so a
/// program that reads only other formats runs without it.
/// </summary>
internal static class Itk
{
    /// <summary>Decodes a two-dimensional image; returns null if ITK cannot. Messages may name another file.</summary>
    public static ItkPixels? Read(string path, string format, string? shownPath = null) =>
        WithLibrary(shownPath ?? path, () => Decode(path, format));

    // SimpleITK's types are confined to separate methods: its assembly is loaded when such a method is compiled.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ItkPixels? Decode(string path, string format)
    {
        try
        {
            using var reader = new ImageFileReader();
            reader.SetImageIO(format);
            reader.SetFileName(path);
            using var image = reader.Execute();
            var (type, values) = Values(image);
            return image.GetWidth() * (ulong)image.GetHeight() * image.GetNumberOfComponentsPerPixel() == (ulong)values.Length
                ? new((int)image.GetWidth(), (int)image.GetHeight(), (int)image.GetNumberOfComponentsPerPixel(), type, values)
                : null;
        }
        catch (Exception error) when (error is ApplicationException or NotSupportedException)
        {
            return null;
        }
    }

    private static (VoxelType Type, float[] Values) Values(Image image)
    {
        var count = checked((int)(image.GetNumberOfPixels() * image.GetNumberOfComponentsPerPixel()));
        var id = image.GetPixelID();
        bool Is(PixelIDValueEnum scalar, PixelIDValueEnum vector) => id == scalar || id == vector;
        var (type, buffer) =
            Is(PixelIDValueEnum.sitkUInt8, PixelIDValueEnum.sitkVectorUInt8) ? (VoxelType.UInt8, image.GetConstBufferAsUInt8())
            : Is(PixelIDValueEnum.sitkInt8, PixelIDValueEnum.sitkVectorInt8) ? (VoxelType.Int8, image.GetConstBufferAsInt8())
            : Is(PixelIDValueEnum.sitkUInt16, PixelIDValueEnum.sitkVectorUInt16) ? (VoxelType.UInt16, image.GetConstBufferAsUInt16())
            : Is(PixelIDValueEnum.sitkInt16, PixelIDValueEnum.sitkVectorInt16) ? (VoxelType.Int16, image.GetConstBufferAsInt16())
            : Is(PixelIDValueEnum.sitkUInt32, PixelIDValueEnum.sitkVectorUInt32) ? (VoxelType.UInt32, image.GetConstBufferAsUInt32())
            : Is(PixelIDValueEnum.sitkInt32, PixelIDValueEnum.sitkVectorInt32) ? (VoxelType.Int32, image.GetConstBufferAsInt32())
            : throw new NotSupportedException("Pixels must be integers.");
        var bytes = new byte[count * type.Size()];
        Marshal.Copy(buffer, bytes, 0, bytes.Length);
        var values = new float[count];
        type.Convert(bytes, values, !BitConverter.IsLittleEndian, 1, 0);
        return (type, values);
    }

    private static T WithLibrary<T>(string path, Func<T> action)
    {
        try
        {
            return action();
        }
        // The managed assembly, the native library or one of its dependencies is missing.
        catch (Exception error) when (error is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException
                                          or TypeInitializationException
                                      || error is FileNotFoundException { FileName: { } name } && name.Contains("SimpleITK"))
        {
            throw new UserErrorException(
                $"'{path}' needs SimpleITK, whose library SimpleITKCSharpNative cannot be loaded "
                + $"({(error is TypeInitializationException ? error.InnerException ?? error : error).Message.ReplaceLineEndings(" ").TrimEnd('.')}); install it, or convert the file "
                + "to NIfTI.",
                error);
        }
    }
}
