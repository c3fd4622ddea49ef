using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MkdSeg.IO;

/// <summary>How voxels are packed in a file.</summary>
internal enum VoxelPacking
{
    None,
    Zlib,
    Gzip,
    Text,
}

/// <summary>Receives voxels from first to last, with scaling applied; the span is valid only during the call.</summary>
internal delegate void VoxelConsumer(int start, ReadOnlySpan<float> values);

/// <summary>
/// Where and how the voxels of a NIfTI, NRRD or MetaImage header are stored, in one file or spread evenly over several. They
/// are read in chunks, so memory remains bounded whatever the header states.
/// </summary>
internal sealed record VoxelData(string HeaderPath, IReadOnlyList<string> Files, VoxelType Type, long Count)
{
    private const int ChunkVoxels = 1 << 16;

    // Deflate cannot compress further.
    private const int GreatestCompression = 1032;

    public VoxelPacking Packing { get; init; }

    /// <summary>Bytes before the voxels in each file on disk; -1 if the voxels are at the end of the file.</summary>
    public long Start { get; init; }

    /// <summary>Bytes before the voxels in each file once it is unpacked.</summary>
    public long UnpackedStart { get; init; }

    public bool BigEndian { get; init; }
    public int Components { get; init; } = 1;
    public double Slope { get; init; } = 1;
    public double Intercept { get; init; }
    private long BytesPerFile => Count * Components * Type.Size() / Files.Count;

    /// <summary>Returns the full path of a data file that a header names.</summary>
    public static string Find(string headerPath, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(headerPath) ?? "", name);
        return File.Exists(path)
            ? path
            : throw new UserErrorException(
                $"'{headerPath}' names the data file '{Printable(name)}', which does not exist; put it next to the header.");
    }

    /// <summary>Returns the data files named by a pattern with a range: "name%03d.raw first last step".</summary>
    public static IReadOnlyList<string> FindNumbered(string headerPath, string pattern)
    {
        var parts = pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var mark = parts[0].IndexOf('%', StringComparison.Ordinal);
        var end = parts[0].IndexOf('d', Math.Max(mark, 0));
        var numbers = parts[1..].Select(part =>
            int.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) ? n : -1).ToArray();
        if (mark < 0 || end < 0 || numbers.Length < 2 || numbers.Any(n => n < 0) || numbers is [_, _, 0, ..]
            || numbers[1] - numbers[0] is < 0 or > 100_000
            || !int.TryParse("0" + parts[0][(mark + 1)..end], CultureInfo.InvariantCulture, out var digits) || digits > 20)
        {
            throw new UserErrorException(
                $"'{headerPath}' names its data files by '{Printable(pattern)}'; a name such as slice%03d.raw with first and last number "
                + "is expected.");
        }

        var step = numbers.Length > 2 ? numbers[2] : 1;
        var names = new List<string>();
        for (var i = numbers[0]; i <= numbers[1]; i += step)
        {
            var number = i.ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
            names.Add(Find(headerPath, $"{parts[0][..mark]}{number}{parts[0][(end + 1)..]}"));
        }

        return names;
    }

    /// <summary>Makes text from a damaged header safe to print in a message.</summary>
    public static string Printable(string name) =>
        string.Concat(name.Take(100).Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Checks that the files contain what the header states, before memory is allocated for it.</summary>
    public void RequireComplete()
    {
        if (Files.Count == 0 || Count % Files.Count != 0)
        {
            throw new UserErrorException(
                $"'{HeaderPath}' spreads {Count} voxels over {Files.Count} files; the same number in each is expected.");
        }

        foreach (var path in Files)
        {
            if (Packing == VoxelPacking.Text)
                continue;
            using var file = File.OpenRead(path);
            var found = Packing == VoxelPacking.None
                ? file.Length - Math.Max(Start, 0) - UnpackedStart
                : UnpackedLength(file) - UnpackedStart;
            if (found < BytesPerFile)
                throw Truncated(path, Math.Max(found, 0));
        }
    }

    /// <summary>Passes all voxels to the consumer.</summary>
    public void Read(VoxelConsumer consume)
    {
        var values = new float[ChunkVoxels];
        var bytes = new byte[ChunkVoxels * Type.Size()];
        var perFile = (int)(Count / Files.Count);
        for (var index = 0; index < Files.Count; index++)
        {
            using var file = File.OpenRead(Files[index]);
            file.Position = Start < 0 ? Math.Max(file.Length - BytesPerFile, 0) : Math.Min(Start, file.Length);
            var first = index * perFile;
            if (Packing == VoxelPacking.Text)
            {
                ReadText(file, Files[index], (start, part) => consume(first + start, part), values, perFile);
                continue;
            }

            using var stream = Unpacked(file);
            for (var left = UnpackedStart; left > 0;)
            {
                var part = (int)Math.Min(bytes.Length, left);
                Fill(stream, bytes.AsSpan(0, part), Files[index], 0);
                left -= part;
            }

            for (var start = 0; start < perFile;)
            {
                var part = Math.Min(ChunkVoxels, perFile - start);
                var chunk = bytes.AsSpan(0, part * Type.Size());
                Fill(stream, chunk, Files[index], (long)start * Type.Size());
                Type.Convert(chunk, values.AsSpan(0, part), BigEndian, Slope, Intercept);
                consume(first + start, values.AsSpan(0, part));
                start += part;
            }

            // The checksum at the end of a gzip stream is checked only when more data is requested.
            if (Packing != VoxelPacking.None)
                ReadSome(stream, bytes.AsSpan(0, 1), Files[index], BytesPerFile);
        }
    }

    private void ReadText(FileStream file, string path, VoxelConsumer consume, float[] values, int count)
    {
        using var reader = new StreamReader(file, Encoding.ASCII);
        var word = new StringBuilder();
        for (var start = 0; start < count;)
        {
            var part = Math.Min(values.Length, count - start);
            for (var i = 0; i < part; i++)
            {
                word.Clear();
                int c;
                while ((c = reader.Read()) >= 0 && (c > ' ' || word.Length == 0) && word.Length < 64)
                {
                    if (c > ' ')
                        word.Append((char)c);
                }

                if (word.Length == 0)
                {
                    throw new UserErrorException(
                        $"'{path}' contains {start + i} of the {count} voxels that the header '{HeaderPath}' states; copy it "
                        + "again.");
                }

                values[i] = double.TryParse(word.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                    ? (float)((value * Slope) + Intercept)
                    : throw new UserErrorException($"'{path}' contains '{Printable(word.ToString())}' where a voxel value is "
                        + "expected; check it.");
            }

            consume(start, values.AsSpan(0, part));
            start += part;
        }
    }

    private Stream Unpacked(FileStream file) => Packing switch
    {
        VoxelPacking.Zlib => new ZLibStream(file, CompressionMode.Decompress, leaveOpen: true),
        VoxelPacking.Gzip => new GZipStream(file, CompressionMode.Decompress, leaveOpen: true),
        _ => file,
    };

    private void Fill(Stream stream, Span<byte> target, string path, long position)
    {
        var count = 0;
        for (int read; count < target.Length && (read = ReadSome(stream, target[count..], path, position + count)) > 0;)
            count += read;
        if (count < target.Length)
            throw Truncated(path, position + count);
    }

    private int ReadSome(Stream stream, Span<byte> target, string path, long position)
    {
        try
        {
            return stream.Read(target);
        }
        catch (InvalidDataException error)
        {
            throw new UserErrorException(
                $"The compression of '{path}' is damaged after {position} of {BytesPerFile} bytes of voxels; copy or download "
                + "it again.",
                error);
        }
    }

    // The last four bytes of a gzip file are the length of its content, modulo 2^32. The file is read in full only if they
    // differ from the expected length (truncated, several members, trailing data).
    private long UnpackedLength(FileStream file)
    {
        var expected = UnpackedStart + BytesPerFile;
        // A file that could never be that long need not be unpacked. The exact number does not matter then.
        if (expected / GreatestCompression > file.Length)
            return 0;
        if (Packing == VoxelPacking.Gzip && file.Length > 18)
        {
            Span<byte> trailer = stackalloc byte[4];
            file.Seek(-4, SeekOrigin.End);
            file.ReadExactly(trailer);
            if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) == unchecked((uint)expected))
                return expected;
        }

        file.Position = Math.Clamp(Start, 0, file.Length);
        using var unpacked = Unpacked(file);
        var buffer = new byte[1 << 16];
        long length = 0;
        try
        {
            for (int count; length < expected && (count = unpacked.Read(buffer)) > 0;)
                length += count;
        }
        catch (InvalidDataException)
        {
            // What could be read up to the defect is the length to report.
        }

        return length;
    }

    private UserErrorException Truncated(string path, long found) => new(
        $"'{path}' contains {found} of the {BytesPerFile} bytes of voxels that "
        + (path == HeaderPath ? "its header" : $"the header '{HeaderPath}'") + " states; copy or download it again.");
}
