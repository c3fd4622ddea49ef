using System.Numerics;
using System.Runtime.InteropServices;

namespace MkdSeg.IO;

/// <summary>How a number is stored in a file.</summary>
internal enum VoxelType
{
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float32,
    Float64,
}

internal static class VoxelTypeExtensions
{
    public static int Size(this VoxelType type) => type switch
    {
        VoxelType.Int8 or VoxelType.UInt8 => 1,
        VoxelType.Int16 or VoxelType.UInt16 => 2,
        VoxelType.Int32 or VoxelType.UInt32 or VoxelType.Float32 => 4,
        _ => 8,
    };

    /// <summary>Describes the type in words, such as "16-bit signed integer".</summary>
    public static string Describe(this VoxelType type) => (8 * type.Size()) + type switch
    {
        VoxelType.Float32 or VoxelType.Float64 => "-bit float",
        VoxelType.Int8 or VoxelType.Int16 or VoxelType.Int32 or VoxelType.Int64 => "-bit signed integer",
        _ => "-bit unsigned integer",
    };

    /// <summary>Converts stored numbers; the bytes are swapped in place to this machine's byte order.</summary>
    public static void Convert(
        this VoxelType type, Span<byte> bytes, Span<float> values, bool bigEndian, double slope, double intercept)
    {
        var size = type.Size();
        for (var at = 0; size > 1 && bigEndian == BitConverter.IsLittleEndian && at < bytes.Length; at += size)
            bytes.Slice(at, size).Reverse();
        switch (type)
        {
            case VoxelType.Int8: Convert<sbyte>(bytes, values, slope, intercept); break;
            case VoxelType.UInt8: Convert<byte>(bytes, values, slope, intercept); break;
            case VoxelType.Int16: Convert<short>(bytes, values, slope, intercept); break;
            case VoxelType.UInt16: Convert<ushort>(bytes, values, slope, intercept); break;
            case VoxelType.Int32: Convert<int>(bytes, values, slope, intercept); break;
            case VoxelType.UInt32: Convert<uint>(bytes, values, slope, intercept); break;
            case VoxelType.Int64: Convert<long>(bytes, values, slope, intercept); break;
            case VoxelType.UInt64: Convert<ulong>(bytes, values, slope, intercept); break;
            case VoxelType.Float32: Convert<float>(bytes, values, slope, intercept); break;
            default: Convert<double>(bytes, values, slope, intercept); break;
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
}
