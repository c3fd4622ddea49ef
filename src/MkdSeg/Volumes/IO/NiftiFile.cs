using System.Buffers.Binary;
using System.IO.Compression;

namespace MkdSeg.Volumes.IO;

/// <summary>
/// What ITK does not tell about NIfTI files: it reads a truncated one without a word, zeros for what is missing.
/// Offsets are those of nifti1.h.
/// </summary>
internal static class NiftiFile
{
    private const int HeaderLength = 348;
    private const int HeaderLength2 = 540;

    public static bool IsVersion2(string path)
    {
        if (!IsNifti(path))
        {
            return false;
        }

        var header = ReadStart(path);
        return header.Length >= 4
            && (BinaryPrimitives.ReadInt32LittleEndian(header) == HeaderLength2
                || BinaryPrimitives.ReadInt32BigEndian(header) == HeaderLength2);
    }

    /// <summary>Throws where a single-file NIfTI-1 is shorter than its header says; does nothing for others.</summary>
    public static void RequireComplete(string path)
    {
        if (!IsNifti(path))
        {
            return;
        }

        var header = ReadStart(path);
        if (header.Length < HeaderLength || !header.AsSpan(344, 3).SequenceEqual("n+1"u8))
        {
            return;
        }

        var expected = ExpectedLength(header);
        var found = IsCompressed(path) ? UncompressedLength(path, expected) : new FileInfo(path).Length;
        if (found < expected)
        {
            throw new UserErrorException(
                $"'{path}' ends after {found} of {expected} bytes of voxels and header; copy or download it again.");
        }
    }

    private static long ExpectedLength(ReadOnlySpan<byte> header)
    {
        var swapped = BinaryPrimitives.ReadInt32LittleEndian(header) != HeaderLength;
        short Short(ReadOnlySpan<byte> at) =>
            swapped ? BinaryPrimitives.ReadInt16BigEndian(at) : BinaryPrimitives.ReadInt16LittleEndian(at);
        var dimensions = Short(header[40..]);
        long voxels = 1;
        for (var i = 1; i <= Math.Clamp(dimensions, (short)0, (short)7); i++)
        {
            voxels *= Math.Max(Short(header[(40 + (2 * i))..]), (short)1);
        }

        var offset = swapped
            ? BinaryPrimitives.ReadSingleBigEndian(header[108..])
            : BinaryPrimitives.ReadSingleLittleEndian(header[108..]);
        return (long)Math.Max(offset, 352) + (voxels * Short(header[72..]) / 8);
    }

    // The last four bytes of a gzip file are the length of what it holds, modulo 2^32. Only where they differ from what
    // is expected (truncated, several members, further data) is the file read through.
    private static long UncompressedLength(string path, long expected)
    {
        using var file = File.OpenRead(path);
        Span<byte> trailer = stackalloc byte[4];
        file.Seek(-4, SeekOrigin.End);
        file.ReadExactly(trailer);
        if (BinaryPrimitives.ReadUInt32LittleEndian(trailer) == unchecked((uint)expected))
        {
            return expected;
        }

        file.Seek(0, SeekOrigin.Begin);
        using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        var buffer = new byte[1 << 16];
        long length = 0;
        try
        {
            for (int count; (count = unzipped.Read(buffer)) > 0;)
            {
                length += count;
            }
        }
        catch (InvalidDataException)
        {
            // What could be read up to the defect is the length to report.
        }

        return length;
    }

    private static byte[] ReadStart(string path)
    {
        using var file = File.OpenRead(path);
        using Stream stream = IsCompressed(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var start = new byte[HeaderLength];
        try
        {
            return start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static bool IsNifti(string path) =>
        path.EndsWith(".nii", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".nii.gz", StringComparison.OrdinalIgnoreCase);
}
