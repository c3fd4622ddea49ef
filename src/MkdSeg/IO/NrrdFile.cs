using System.Globalization;
using System.Text;
using MkdSeg.Common;

namespace MkdSeg.IO;

/// <summary>
/// What ITK does not tell about NRRD files: it fills voxels that are missing with whatever there is. Fields are those of
/// teem.sourceforge.net/nrrd/format.html.
/// </summary>
internal sealed class NrrdFile
{
    private const int LongestHeader = 1 << 20;
    private readonly string _path;
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _listed = [];
    private string _mark = "";
    private long _start;

    /// <summary>Reads the header.</summary>
    public NrrdFile(string path)
    {
        _path = path;
        using var file = File.OpenRead(path);
        ReadHeader(file);
    }

    /// <summary>The files with the voxels where they are apart from the header.</summary>
    /// <exception cref="UserErrorException">One is not there.</exception>
    public IReadOnlyList<string> DataFiles
    {
        get
        {
            if (Field("data file", "datafile") is not { } name)
                return [];
            if (name.StartsWith("LIST", StringComparison.Ordinal))
                return [.. _listed.Select(listed => VoxelData.Find(_path, listed))];
            return name.Contains('%', StringComparison.Ordinal)
                ? VoxelData.FindNumbered(_path, name)
                : [VoxelData.Find(_path, name)];
        }
    }

    /// <summary>Throws where the file does not begin as NRRD files do.</summary>
    public void RequireMark()
    {
        if (!_mark.StartsWith("NRRD000", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"'{_path}' is no NRRD file: it does not begin with NRRD000 and a version; check what it is.");
        }
    }

    /// <summary>Throws where there are fewer voxels than the header states; only of voxels that lie in one file.</summary>
    public void RequireComplete()
    {
        var files = DataFiles;
        if (files.Count > 1 || Expected() is not { } expected || Packing() is not { } packing)
            return;
        var skipped = Number("byte skip", "byteskip");
        // A byte skip of -1 means that the voxels are the end of the file; skipped lines are rare and left to ITK.
        if (Number("line skip", "lineskip") > 0)
            return;
        var isApart = files.Count == 1;
        VoxelData.Require(
            isApart ? files[0] : _path, (isApart ? 0 : _start) + Math.Max(skipped, 0), packing, expected, _path);
    }

    private void ReadHeader(FileStream file)
    {
        var line = new StringBuilder();
        for (int value; file.Position < LongestHeader && (value = file.ReadByte()) >= 0;)
        {
            if (value != '\n')
            {
                line.Append((char)value);
                continue;
            }

            var text = line.ToString().TrimEnd('\r');
            line.Clear();
            if (text.Length == 0)
            {
                _start = file.Position;
                return;
            }

            Take(text);
        }

        // A header without voxels behind it may end with its last line.
        Take(line.ToString());
        _start = file.Position;
    }

    private void Take(string line)
    {
        if (_mark.Length == 0)
            _mark = line;
        if (Field("data file", "datafile") is { } name && name.StartsWith("LIST", StringComparison.Ordinal))
        {
            if (line.Trim().Length > 0)
                _listed.Add(line.Trim());
            return;
        }

        var parts = line.Split(": ", 2, StringSplitOptions.TrimEntries);
        if (parts.Length == 2 && line[0] != '#')
            _fields[parts[0]] = parts[1];
    }

    private long? Expected()
    {
        if (Field("sizes") is not { } sizes || Field("type") is not { } type || ElementSize(type) is not { } size)
            return null;
        double bytes = size;
        foreach (var part in sizes.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!long.TryParse(part, CultureInfo.InvariantCulture, out var n))
                return null;
            bytes *= n;
        }

        return bytes is >= 0 and < long.MaxValue / 2 ? (long)bytes : null;
    }

    private VoxelPacking? Packing() => Field("encoding")?.ToUpperInvariant() switch
    {
        "RAW" => VoxelPacking.None,
        "GZ" or "GZIP" => VoxelPacking.Gzip,
        _ => null,
    };

    private long Number(params ReadOnlySpan<string> names) =>
        long.TryParse(Field(names), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private string? Field(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_fields.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }

    private static int? ElementSize(string type) => type.ToUpperInvariant() switch
    {
        "SIGNED CHAR" or "INT8" or "INT8_T" or "UCHAR" or "UNSIGNED CHAR" or "UINT8" or "UINT8_T" => 1,
        "SHORT" or "SHORT INT" or "SIGNED SHORT" or "SIGNED SHORT INT" or "INT16" or "INT16_T" or "USHORT"
            or "UNSIGNED SHORT" or "UNSIGNED SHORT INT" or "UINT16" or "UINT16_T" => 2,
        "INT" or "SIGNED INT" or "INT32" or "INT32_T" or "UINT" or "UNSIGNED INT" or "UINT32" or "UINT32_T" or "FLOAT" => 4,
        "LONGLONG" or "LONG LONG" or "LONG LONG INT" or "SIGNED LONG LONG" or "SIGNED LONG LONG INT" or "INT64" or "INT64_T"
            or "ULONGLONG" or "UNSIGNED LONG LONG" or "UNSIGNED LONG LONG INT" or "UINT64" or "UINT64_T" or "DOUBLE" => 8,
        _ => null,
    };
}
