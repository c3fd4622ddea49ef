using System.Buffers.Binary;
using System.IO.Compression;

namespace MkdSeg.TestKit;

/// <summary>PNG files whose chunks have the right checksums and which are wrong all the same, and right ones.</summary>
public static class DamagedPngs
{
    private const int Width = 12;
    private const int Height = 10;

    /// <summary>A picture of 12×10 pixels with 8 bits.</summary>
    public static byte[] Whole() => Png([("IHDR", Header()), ("IDAT", Rows()), ("IEND", [])]);

    /// <summary>A black one with 4 bits, interlaced.</summary>
    public static byte[] WholeInterlaced()
    {
        // Rows and bytes of a row in each pass of Adam7, for 12×10 pixels.
        (int Rows, int Bytes)[] passes = [(2, 1), (2, 1), (1, 2), (3, 2), (2, 3), (5, 3), (5, 6)];
        var rows = passes.SelectMany(pass => Enumerable.Repeat(new byte[1 + pass.Bytes], pass.Rows)).SelectMany(row => row);
        return Png([("IHDR", Header(bits: 4, interlacing: 1)), ("IDAT", Pack([.. rows])), ("IEND", [])]);
    }

    /// <summary>Damaged ones, by what is wrong.</summary>
    public static IEnumerable<(string Name, byte[] Bytes)> Make()
    {
        byte[] palette = [1, 2, 3, 4, 5, 6];
        var rows = Rows();
        foreach (var (name, chunks) in new (string, (string Type, byte[] Data)[])[]
            {
                ("noheader", [("IDAT", rows), ("IEND", [])]),
                ("twoheaders", [("IHDR", Header()), ("IHDR", Header()), ("IDAT", rows), ("IEND", [])]),
                ("shortheader", [("IHDR", Header()[..12]), ("IDAT", rows), ("IEND", [])]),
                ("nosize", [("IHDR", Header(width: 0)), ("IDAT", rows), ("IEND", [])]),
                ("negative", [("IHDR", Header(height: -10)), ("IDAT", rows), ("IEND", [])]),
                ("huge", [("IHDR", Header(int.MaxValue, int.MaxValue)), ("IDAT", rows), ("IEND", [])]),
                ("huge2", [("IHDR", Header(40_000, 40_000)), ("IDAT", rows), ("IEND", [])]),
                ("wide", [("IHDR", Header(2_000_000, 1)), ("IDAT", Pack(new byte[2_000_001])), ("IEND", [])]),
                ("bomb", [("IHDR", Header(16_384, 16_384)), ("IDAT", Pack(new byte[16_385 * 16_384])), ("IEND", [])]),
                ("bits", [("IHDR", Header(bits: 7)), ("IDAT", rows), ("IEND", [])]),
                ("colours", [("IHDR", Header(colours: 5)), ("IDAT", rows), ("IEND", [])]),
                ("bitsofcolours", [("IHDR", Header(bits: 4, colours: 2)), ("IDAT", rows), ("IEND", [])]),
                ("interlacing", [("IHDR", Header(interlacing: 2)), ("IDAT", rows), ("IEND", [])]),
                ("interlaced", [("IHDR", Header(interlacing: 1)), ("IDAT", rows), ("IEND", [])]),
                ("nopixels", [("IHDR", Header()), ("IEND", [])]),
                ("emptypixels", [("IHDR", Header()), ("IDAT", []), ("IEND", [])]),
                ("fewer", [("IHDR", Header(height: 11)), ("IDAT", rows), ("IEND", [])]),
                ("more", [("IHDR", Header(height: 9)), ("IDAT", rows), ("IEND", [])]),
                ("unpacked", [("IHDR", Header()), ("IDAT", new byte[200]), ("IEND", [])]),
                ("cutpixels", [("IHDR", Header()), ("IDAT", rows[..^30]), ("IEND", [])]),
                ("filter", [("IHDR", Header()), ("IDAT", Rows(filter: 9)), ("IEND", [])]),
                ("interrupted",
                    [("IHDR", Header()), ("IDAT", rows[..9]), ("tEXt", [65, 0, 66]), ("IDAT", rows[9..]), ("IEND", [])]),
                ("nopalette", [("IHDR", Header(colours: 3)), ("IDAT", rows), ("IEND", [])]),
                ("longpalette", [("IHDR", Header(colours: 3)), ("PLTE", new byte[771]), ("IDAT", rows), ("IEND", [])]),
                ("oddpalette", [("IHDR", Header(colours: 3)), ("PLTE", palette[..5]), ("IDAT", rows), ("IEND", [])]),
                ("twopalettes",
                    [("IHDR", Header(colours: 3)), ("PLTE", palette), ("PLTE", palette), ("IDAT", rows), ("IEND", [])]),
                ("unknown", [("IHDR", Header()), ("ABCD", [1, 2]), ("IDAT", rows), ("IEND", [])]),
                ("noname", [("IHDR", Header()), ("a1c?", [1, 2]), ("IDAT", rows), ("IEND", [])]),
                ("noend", [("IHDR", Header()), ("IDAT", rows)]),
            })
        {
            yield return (name, Png(chunks));
        }
    }

    private static byte[] Png((string Type, byte[] Data)[] chunks)
    {
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]);
        foreach (var (type, data) in chunks)
            PalettePng.Chunk(file, type, data);
        return file.ToArray();
    }

    private static byte[] Header(
        int width = Width, int height = Height, byte bits = 8, byte colours = 0, byte interlacing = 0)
    {
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9], header[12]) = (bits, colours, interlacing);
        return header;
    }

    private static byte[] Rows(byte filter = 0)
    {
        var random = new Random(3);
        var rows = new byte[(1 + Width) * Height];
        random.NextBytes(rows);
        for (var y = 0; y < Height; y++)
            rows[y * (1 + Width)] = y == Height / 2 ? filter : (byte)0;
        return Pack(rows);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            zlib.Write(bytes);
        return packed.ToArray();
    }
}
