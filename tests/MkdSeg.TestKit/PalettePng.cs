using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MkdSeg.TestKit;

/// <summary>Writes PNG files with a palette, the kind in which GTA5 stores its labels.</summary>
public static class PalettePng
{
    /// <param name="path">The file.</param>
    /// <param name="width">Pixels from left to right.</param>
    /// <param name="indices">Palette indices, row by row.</param>
    /// <param name="palette">Colours 0xRRGGBB.</param>
    public static void Write(string path, int width, byte[] indices, IReadOnlyList<int> palette)
    {
        var height = indices.Length / width;
        using var file = File.Create(path);
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (8, 3); // 8 bits per index, colour type "palette"
        Chunk(file, "IHDR", header);
        Chunk(file, "PLTE", [.. palette.SelectMany(c => new[] { (byte)(c >> 16), (byte)(c >> 8), (byte)c })]);
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (var y = 0; y < height; y++)
            {
                zlib.WriteByte(0); // this row is not filtered
                zlib.Write(indices, y * width, width);
            }
        }

        Chunk(file, "IDAT", packed.ToArray());
        Chunk(file, "IEND", []);
    }

    internal static void Chunk(Stream file, string type, byte[] data)
    {
        byte[] typed = [.. Encoding.ASCII.GetBytes(type), .. data];
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        file.Write(number);
        file.Write(typed);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(typed));
        file.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
