using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace MkdSeg.Volumes.IO;

/// <summary>
/// What ITK does not tell about MetaImage files: it reads truncated voxels without an error. Keys are those of
/// MetaIO's documentation.
/// </summary>
internal static class MetaImageFile
{
    private const int LongestHeader = 1 << 16;

    /// <summary>
    /// Throws where the voxels, in the file itself or in the one it names, are fewer than the header says. Voxels
    /// spread over several files are left to ITK.
    /// </summary>
    public static void RequireComplete(string path)
    {
        using var file = File.OpenRead(path);
        var (fields, start) = Header(file);
        if (!fields.TryGetValue("ElementDataFile", out var name) || Expected(fields) is not { } expected)
            return;
        var compressed = fields.TryGetValue("CompressedData", out var text)
            && text.StartsWith("true", StringComparison.OrdinalIgnoreCase);
        if (name.Equals("LOCAL", StringComparison.OrdinalIgnoreCase))
        {
            Require(file, start, compressed, expected, path, path);
            return;
        }

        if (name.StartsWith("LIST", StringComparison.OrdinalIgnoreCase) || name.Contains('%', StringComparison.Ordinal))
            return;
        var dataPath = Path.Combine(Path.GetDirectoryName(path) ?? "", name);
        if (!File.Exists(dataPath))
        {
            throw new UserErrorException(
                $"'{path}' names the data file '{name}', which is not there; put it beside the header.");
        }

        using var data = File.OpenRead(dataPath);
        // A header size of -1 means that the voxels are the end of the file.
        var skipped = fields.TryGetValue("HeaderSize", out var size)
            && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes) ? Math.Max(bytes, 0) : 0;
        Require(data, skipped, compressed, expected, dataPath, path);
    }

    private static void Require(
        FileStream file, long start, bool compressed, long expected, string dataPath, string path)
    {
        var found = compressed ? UnpackedLength(file, start, expected) : file.Length - start;
        if (found < expected)
        {
            throw new UserErrorException(
                $"'{dataPath}' holds {Math.Max(found, 0)} of the {expected} bytes of voxels that the header '{path}' "
                + "states; copy or download it again.");
        }
    }

    private static long UnpackedLength(FileStream file, long start, long expected)
    {
        file.Position = start;
        using var unpacked = new ZLibStream(file, CompressionMode.Decompress, leaveOpen: true);
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

    private static (Dictionary<string, string> Fields, long End) Header(FileStream file)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var line = new StringBuilder();
        for (int value; file.Position < LongestHeader && (value = file.ReadByte()) >= 0;)
        {
            if (value != '\n')
            {
                line.Append((char)value);
                continue;
            }

            var parts = line.ToString().Split('=', 2, StringSplitOptions.TrimEntries);
            line.Clear();
            if (parts.Length < 2)
                continue;
            fields[parts[0]] = parts[1];
            if (parts[0].Equals("ElementDataFile", StringComparison.OrdinalIgnoreCase))
                return (fields, file.Position);
        }

        var last = line.ToString().Split('=', 2, StringSplitOptions.TrimEntries);
        if (last.Length == 2)
            fields[last[0]] = last[1];
        return (fields, file.Position);
    }

    private static long? Expected(Dictionary<string, string> fields)
    {
        if (!fields.TryGetValue("DimSize", out var sizes) || !fields.TryGetValue("ElementType", out var type)
            || ElementSize(type) is not { } elementSize)
        {
            return null;
        }

        double bytes = elementSize;
        if (fields.TryGetValue("ElementNumberOfChannels", out var channels)
            && int.TryParse(channels, CultureInfo.InvariantCulture, out var count))
        {
            bytes *= count;
        }

        foreach (var size in sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(size, CultureInfo.InvariantCulture, out var n))
                return null;
            bytes *= n;
        }

        return bytes is >= 0 and < long.MaxValue / 2 ? (long)bytes : null;
    }

    private static int? ElementSize(string type) => type.Replace("_ARRAY", "", StringComparison.OrdinalIgnoreCase) switch
    {
        "MET_CHAR" or "MET_UCHAR" => 1,
        "MET_SHORT" or "MET_USHORT" => 2,
        "MET_INT" or "MET_UINT" or "MET_LONG" or "MET_ULONG" or "MET_FLOAT" => 4,
        "MET_LONG_LONG" or "MET_ULONG_LONG" or "MET_DOUBLE" => 8,
        _ => null,
    };
}
