using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using MkdSeg.Common;
using itk.simple;

namespace MkdSeg.IO;

/// <summary>How a NIfTI file stores its values; codes are those of nifti1.h.</summary>
internal sealed record NiftiDataType(int Code, int Size, int Components, PixelIDValueEnum PixelType)
{
    public static NiftiDataType Of(int code, string path) => code switch
    {
        2 => new(code, 1, 1, PixelIDValueEnum.sitkUInt8),
        4 => new(code, 2, 1, PixelIDValueEnum.sitkInt16),
        8 => new(code, 4, 1, PixelIDValueEnum.sitkInt32),
        16 => new(code, 4, 1, PixelIDValueEnum.sitkFloat32),
        64 => new(code, 8, 1, PixelIDValueEnum.sitkFloat64),
        128 => new(code, 3, 3, PixelIDValueEnum.sitkVectorUInt8),
        256 => new(code, 1, 1, PixelIDValueEnum.sitkInt8),
        512 => new(code, 2, 1, PixelIDValueEnum.sitkUInt16),
        768 => new(code, 4, 1, PixelIDValueEnum.sitkUInt32),
        1024 => new(code, 8, 1, PixelIDValueEnum.sitkInt64),
        1280 => new(code, 8, 1, PixelIDValueEnum.sitkUInt64),
        2304 => new(code, 4, 4, PixelIDValueEnum.sitkVectorUInt8),
        _ => throw new UserErrorException(
            $"'{path}' stores its voxels as NIfTI type {code}; integers of 8 to 64 bits and reals of 32 or 64 bits are "
            + "read: convert it."),
    };

    /// <summary>Converts stored values; the bytes are put into this machine's order in place.</summary>
    public void Convert(Span<byte> bytes, Span<float> values, bool bigEndian, double slope, double intercept)
    {
        if (bigEndian == BitConverter.IsLittleEndian)
            Reverse(bytes);
        switch (Code)
        {
            case 2: Convert<byte>(bytes, values, slope, intercept); break;
            case 4: Convert<short>(bytes, values, slope, intercept); break;
            case 8: Convert<int>(bytes, values, slope, intercept); break;
            case 16: Convert<float>(bytes, values, slope, intercept); break;
            case 64: Convert<double>(bytes, values, slope, intercept); break;
            case 256: Convert<sbyte>(bytes, values, slope, intercept); break;
            case 512: Convert<ushort>(bytes, values, slope, intercept); break;
            case 768: Convert<uint>(bytes, values, slope, intercept); break;
            case 1024: Convert<long>(bytes, values, slope, intercept); break;
            default: Convert<ulong>(bytes, values, slope, intercept); break;
        }
    }

    private static void Convert<T>(ReadOnlySpan<byte> bytes, Span<float> values, double slope, double intercept)
        where T : unmanaged, INumberBase<T>
    {
        var stored = MemoryMarshal.Cast<byte, T>(bytes);
        if (slope == 1 && intercept == 0)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = float.CreateTruncating(stored[i]);
            return;
        }

        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((double.CreateTruncating(stored[i]) * slope) + intercept);
    }

    private void Reverse(Span<byte> bytes)
    {
        switch (Size)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(bytes);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(bytes);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(bytes);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }
}
