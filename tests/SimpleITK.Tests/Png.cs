using System.Buffers.Binary;
using System.IO.Compression;

namespace SimpleITK.Tests;

/// <summary>PNG files written here byte by byte, after the specification.</summary>
internal static class Png
{
    /// <summary>Rows of samples without filter; colour type 0 is grey, 2 is RGB.</summary>
    public static byte[] Bytes(int width, int height, byte bits, byte colourType, byte[] samples)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colourType);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            foreach (var row in samples.Chunk(samples.Length / height))
                zlib.Write([0, .. row]);
        }

        return
        [
            0x89, .. "PNG\r\n\x1a\n"u8,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        var crc = uint.MaxValue;
        foreach (var value in body)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
        }

        byte[] ends = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(ends, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(ends.AsSpan(4), ~crc);
        return [.. ends[..4], .. body, .. ends[4..]];
    }
}
