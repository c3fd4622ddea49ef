using System.Globalization;
using System.Text;
using MkdSeg.Common;

namespace MkdSeg.IO;

/// <summary>
/// What ITK does not tell about MetaImage files: it reads truncated voxels without an error. Keys are those of
/// MetaIO's documentation.
/// </summary>
internal static class MetaImageFile
{
    private const int LongestHeader = 1 << 16;
    private static readonly string[] NeededFields = ["NDims", "DimSize", "ElementType", "ElementDataFile"];

    /// <summary>Throws where the header lacks what every MetaImage says; ITK would print its own words about it.</summary>
    public static void RequireHeader(string path)
    {
        using var file = File.OpenRead(path);
        var (fields, _) = Header(file);
        if (NeededFields.FirstOrDefault(name => !fields.ContainsKey(name)) is { } missing)
        {
            throw new UserErrorException(
                $"'{path}' is no MetaImage file or its header is damaged: it does not say {missing}; check what it is or copy "
                + "it again.");
        }
    }

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
        var packing = fields.TryGetValue("CompressedData", out var text)
            && text.StartsWith("true", StringComparison.OrdinalIgnoreCase) ? VoxelPacking.Zlib : VoxelPacking.None;
        if (IsLocal(name))
        {
            VoxelData.Require(path, start, packing, expected, path);
            return;
        }

        if (IsList(name))
            return;
        // A header size of -1 means that the voxels are the end of the file.
        var skipped = fields.TryGetValue("HeaderSize", out var size)
            && long.TryParse(size, CultureInfo.InvariantCulture, out var bytes) ? Math.Max(bytes, 0) : 0;
        VoxelData.Require(VoxelData.Find(path, name), skipped, packing, expected, path);
    }

    /// <summary>The files with the voxels where they are apart from the header.</summary>
    /// <exception cref="UserErrorException">One is not there.</exception>
    public static IReadOnlyList<string> DataFiles(string path)
    {
        using var file = File.OpenRead(path);
        var (fields, start) = Header(file);
        if (!fields.TryGetValue("ElementDataFile", out var name) || IsLocal(name))
            return [];
        if (!IsList(name))
            return [VoxelData.Find(path, name)];
        if (name.Contains('%', StringComparison.Ordinal))
            return VoxelData.FindNumbered(path, name);
        file.Position = start;
        using var reader = new StreamReader(file, Encoding.Latin1);
        return
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(listed => VoxelData.Find(path, listed)),
        ];
    }

    private static bool IsLocal(string name) => name.Equals("LOCAL", StringComparison.OrdinalIgnoreCase);

    private static bool IsList(string name) =>
        name.StartsWith("LIST", StringComparison.OrdinalIgnoreCase) || name.Contains('%', StringComparison.Ordinal);

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
