using System.IO.Compression;
using MkdSeg.Common;

namespace MkdSeg.IO;

/// <summary>How voxels are packed in a file.</summary>
internal enum VoxelPacking
{
    None,
    Zlib,
    Gzip,
}

/// <summary>Compares how many bytes of voxels a file holds with how many its header states, without keeping them.</summary>
internal static class VoxelData
{
    /// <summary>Deflate cannot pack tighter.</summary>
    public const int GreatestCompression = 1032;

    /// <summary>Throws where there are fewer bytes than stated.</summary>
    /// <param name="dataPath">The file with the voxels.</param>
    /// <param name="start">Where they begin.</param>
    /// <param name="packing">How they are packed.</param>
    /// <param name="expected">Bytes of unpacked voxels.</param>
    /// <param name="headerPath">The file with the header, for the message.</param>
    public static void Require(string dataPath, long start, VoxelPacking packing, long expected, string headerPath)
    {
        using var file = File.OpenRead(dataPath);
        var found = packing == VoxelPacking.None
            ? Math.Max(file.Length - start, 0)
            : UnpackedLength(file, start, packing, expected);
        if (found < expected)
        {
            throw new UserErrorException(
                $"'{dataPath}' holds {found} of the {expected} bytes of voxels that the header '{headerPath}' "
                + "states; copy or download it again.");
        }
    }

    /// <summary>The full path of a data file that a header names.</summary>
    /// <exception cref="UserErrorException">It is not there.</exception>
    public static string Find(string headerPath, string name)
    {
        var path = Path.Combine(Path.GetDirectoryName(headerPath) ?? "", name);
        return File.Exists(path)
            ? path
            : throw new UserErrorException(
                $"'{headerPath}' names the data file '{name}', which is not there; put it beside the header.");
    }

    /// <summary>
    /// The data files that a header names by a pattern, "name%03d.raw first last step": all whose names begin like it.
    /// </summary>
    /// <exception cref="UserErrorException">There is none.</exception>
    public static IReadOnlyList<string> FindNumbered(string headerPath, string pattern)
    {
        var header = Path.GetFullPath(headerPath);
        var start = Path.Combine(Path.GetDirectoryName(header)!, pattern[..pattern.IndexOf('%', StringComparison.Ordinal)]);
        var folder = Path.GetDirectoryName(start)!;
        string[] files = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, Path.GetFileName(start) + "*").Where(file => file != header)]
            : [];
        Array.Sort(files, StringComparer.Ordinal);
        return files.Length > 0
            ? files
            : throw new UserErrorException(
                $"'{headerPath}' names the data files '{pattern}', none of which is there; put them beside the header.");
    }

    private static long UnpackedLength(FileStream file, long start, VoxelPacking packing, long expected)
    {
        // What could never be that long need not be unpacked. The exact number does not matter then.
        if (expected / GreatestCompression > file.Length)
            return 0;
        file.Position = Math.Min(start, file.Length);
        using Stream unpacked = packing == VoxelPacking.Zlib
            ? new ZLibStream(file, CompressionMode.Decompress, leaveOpen: true)
            : new GZipStream(file, CompressionMode.Decompress, leaveOpen: true);
        return CountBytes(unpacked, expected);
    }

    /// <summary>How many bytes a stream gives: up to the expected number, or to where its compression is damaged.</summary>
    public static long CountBytes(Stream unpacked, long expected)
    {
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
}
