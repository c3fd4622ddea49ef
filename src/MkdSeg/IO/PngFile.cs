using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MkdSeg.IO;

/// <summary>
/// Writes PNG files, and checks input files before libpng reads them: within ITK, some of its errors end the process. The
/// layout follows the PNG specification, www.w3.org/TR/png-3.
/// </summary>
internal static class PngFile
{
    // libpng's own limit.
    private const int LongestSide = 1_000_000;
    // VolumeFile's limit in values of 4 bytes: each byte unpacked here becomes one value.
    private const int LargestUnsuspected = 1 << 27;
    private const int GreatestRatio = 50;
    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
    private static readonly uint[] CrcTable = MakeCrcTable();
    private static readonly SearchValues<byte> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Adam7: first column and row of each pass, and the steps.
    private static readonly (int X, int Y, int StepX, int StepY)[] Interlaced =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>Rejects files that are not PNG or are incomplete: checks signature, checksums, header and packed rows.</summary>
    public static void RequireWhole(string path)
    {
        using var file = File.OpenRead(path);
        var signature = new byte[Signature.Length];
        if (file.ReadAtLeast(signature, signature.Length, throwOnEndOfStream: false) < signature.Length
            || !signature.AsSpan().SequenceEqual(Signature))
        {
            throw new UserErrorException($"'{path}' is not a PNG file: it lacks the PNG signature; check what it is.");
        }

        using var packed = new MemoryStream();
        var header = ReadChunks(file, path, packed);
        packed.Position = 0;
        RequireRows(header, packed, path);
    }

    /// <summary>Writes a picture with 8 bits per value and 1 or 3 channels, row by row.</summary>
    public static void Write(ReadOnlySpan<byte> pixels, int width, int channels, Stream target)
    {
        var stride = width * channels;
        using var packed = new MemoryStream();
        using (var stream = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var row = new byte[1 + stride];
            for (var start = 0; start < pixels.Length; start += stride)
            {
                // Filter 2: the difference from the row above.
                row[0] = 2;
                for (var x = 0; x < stride; x++)
                    row[1 + x] = (byte)(pixels[start + x] - (start > 0 ? pixels[start + x - stride] : 0));
                stream.Write(row);
            }
        }

        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), pixels.Length / stride);
        (header[8], header[9]) = (8, (byte)(channels == 1 ? 0 : 2));
        target.Write(Signature);
        Chunk("IHDR"u8, header);
        Chunk("IDAT"u8, packed.GetBuffer().AsSpan(0, (int)packed.Length));
        Chunk("IEND"u8, []);

        void Chunk(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
        {
            var number = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
            target.Write(number);
            target.Write(name);
            target.Write(data);
            BinaryPrimitives.WriteUInt32BigEndian(number, ~Crc(Crc(uint.MaxValue, name), data));
            target.Write(number);
        }
    }

    private static Header ReadChunks(FileStream file, string path, MemoryStream packed)
    {
        Header? header = null;
        var (hasPalette, last) = (false, "");
        var start = new byte[8];
        var data = new byte[1 << 16];
        for (; ; )
        {
            var at = file.Position;
            if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
                throw Damaged(path, "it ends before its last chunk");
            var length = BinaryPrimitives.ReadUInt32BigEndian(start);
            var name = start.AsSpan(4);
            if (name.ContainsAnyExcept(Letters))
                throw Damaged(path, $"a chunk is expected at byte {at}, but there is none");
            var type = Encoding.ASCII.GetString(name);
            if (length + 4 > file.Length - file.Position)
                throw Damaged(path, $"it ends within chunk {type} at byte {at}");
            var crc = Crc(uint.MaxValue, name);
            for (var left = length; left > 0;)
            {
                var part = data.AsSpan(0, (int)Math.Min(left, (uint)data.Length));
                file.ReadExactly(part);
                crc = Crc(crc, part);
                if (type == "IDAT")
                    packed.Write(part);
                left -= (uint)part.Length;
            }

            file.ReadExactly(start.AsSpan(0, 4));
            if (BinaryPrimitives.ReadUInt32BigEndian(start) != ~crc)
                throw Damaged(path, $"the checksum of chunk {type} at byte {at} is wrong");
            if (header is null != (type == "IHDR"))
                throw Damaged(path, "it does not begin with a single header");
            switch (type)
            {
                case "IHDR":
                    header = length == 13
                        ? Header.Of(data, path)
                        : throw Damaged(path, $"its header has {length} bytes, not 13");
                    break;
                case "PLTE":
                    if (hasPalette || last == "IDAT" || length is 0 or > 3 * 256 || length % 3 != 0)
                        throw Damaged(path, "its palette is duplicated, misplaced or of the wrong length");
                    hasPalette = true;
                    break;
                case "IDAT":
                    if (header!.NeedsPalette && !hasPalette)
                        throw Damaged(path, "its palette is missing");
                    if (packed.Length > length && last != "IDAT")
                        throw Damaged(path, "its pixels are interrupted by another chunk");
                    break;
                case "IEND":
                    return header!;
                default:
                    // A capital marks a chunk without which the picture cannot be decoded.
                    if (char.IsAsciiLetterUpper(type[0]))
                        throw Damaged(path, $"it has an unknown critical chunk {type}");
                    break;
            }

            last = type;
        }
    }

    private static void RequireRows(Header header, MemoryStream packed, string path)
    {
        if (header.UnpackedLength > LargestUnsuspected && header.UnpackedLength / GreatestRatio > packed.Length)
        {
            throw new UserErrorException(
                $"'{path}' has {packed.Length} bytes of pixels but states {header.Width}×{header.Height} pixels, so they "
                + "contain almost nothing; check how the file was created.");
        }

        using var unpacked = new ZLibStream(packed, CompressionMode.Decompress);
        try
        {
            foreach (var (columns, rows) in header.Passes())
            {
                var row = new byte[header.RowLength(columns)];
                for (var y = 0; y < rows; y++)
                {
                    if (unpacked.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) < row.Length)
                        throw Damaged(path, $"it contains fewer pixels than the stated {header.Width}×{header.Height}");
                    if (row[0] > 4)
                        throw Damaged(path, $"a row has filter type {row[0]}, but only 0 to 4 exist");
                }
            }

            if (unpacked.ReadByte() >= 0)
                throw Damaged(path, $"it contains more pixels than the stated {header.Width}×{header.Height}");
        }
        catch (InvalidDataException)
        {
            throw Damaged(path, "its pixels cannot be unpacked");
        }
    }

    private static UserErrorException Damaged(string path, string what) =>
        new($"'{path}' is not a complete PNG file: {what}; copy or download it again.");

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
            crc = CrcTable[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    private static uint[] MakeCrcTable()
    {
        var table = new uint[256];
        for (var i = 0u; i < table.Length; i++)
        {
            var crc = i;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            table[i] = crc;
        }

        return table;
    }

    private sealed record Header(int Width, int Height, int PixelBits, bool NeedsPalette, bool IsInterlaced)
    {
        public long UnpackedLength => Passes().Sum(pass => (long)pass.Rows * RowLength(pass.Columns));

        public static Header Of(ReadOnlySpan<byte> data, string path)
        {
            var width = BinaryPrimitives.ReadUInt32BigEndian(data);
            var height = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
            var (bits, colours) = (data[8], data[9]);
            var channels = (colours, bits) switch
            {
                (0, 1 or 2 or 4 or 8 or 16) or (3, 1 or 2 or 4 or 8) => 1,
                (2, 8 or 16) => 3,
                (4, 8 or 16) => 2,
                (6, 8 or 16) => 4,
                _ => throw Damaged(path, $"its colour type {colours} does not allow {bits} bits per value"),
            };
            if (data[10] != 0 || data[11] != 0 || data[12] > 1)
                throw Damaged(path, "its header names an unknown compression, filter or interlace method");
            // Palette pixels are unpacked to three or four values.
            var values = (long)width * height * (colours == 3 ? 4 : channels);
            if (width is 0 or > LongestSide || height is 0 or > LongestSide || values > Array.MaxLength)
            {
                throw new UserErrorException(
                    $"'{path}' states {width}×{height} pixels; sides from 1 to {LongestSide} and {Array.MaxLength} values "
                    + "in total can be read: check how the file was created.");
            }

            return new((int)width, (int)height, bits * channels, colours == 3, data[12] == 1);
        }

        /// <summary>Returns the number of bytes in a row, including the leading filter byte.</summary>
        public int RowLength(int columns) => (int)(1 + ((((long)columns * PixelBits) + 7) / 8));

        public IEnumerable<(int Columns, int Rows)> Passes()
        {
            if (!IsInterlaced)
                return [(Width, Height)];
            return Interlaced
                .Select(pass => (
                    Columns: (Width - pass.X + pass.StepX - 1) / pass.StepX,
                    Rows: (Height - pass.Y + pass.StepY - 1) / pass.StepY))
                .Where(pass => pass is { Columns: > 0, Rows: > 0 });
        }
    }
}
