using System.Text;

namespace MkdSeg.IO;

/// <summary>The fields of an NRRD or MetaImage text header, by case-insensitive name.</summary>
internal sealed class HeaderFields(string path)
{
    private const int LongestHeader = 1 << 20;
    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    public string Path { get; } = path;

    public void Set(string name, string value) => _fields[name] = value;

    /// <summary>Returns the text of the first field that is present; null if none is.</summary>
    public string? Text(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_fields.TryGetValue(name, out var value))
                return value;
        }

        return null;
    }

    /// <summary>Returns the text of a field that every such file must have.</summary>
    public string Need(string name, string format) => Text(name) ?? throw new UserErrorException(
        $"'{Path}' is not in {format} format or its header is damaged: it lacks the field {name}; check what it is or copy it "
        + "again.");

    /// <summary>Returns the <paramref name="count"/> numbers of the first field that is present; null if none is.</summary>
    public double[]? Reals(int count, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_fields.TryGetValue(name, out var text))
                return Reals(text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), count, name);
        }

        return null;
    }

    /// <summary>Parses the numbers in a field.</summary>
    public double[] Reals(string[] parts, int count, string name)
    {
        var values = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]))
            {
                throw new UserErrorException(
                    $"'{Path}' has '{VoxelData.Printable(parts[i])}' in its field '{name}', where a number with a decimal point is expected; correct "
                    + "its header.");
            }
        }

        return values.Length == count
            ? values
            : throw new UserErrorException(
                $"'{Path}' has {values.Length} numbers in its field '{name}'; {count} are expected: "
                + "correct its header.");
    }

    /// <summary>Returns the whole number in a field, or <paramref name="otherwise"/> if the field is missing.</summary>
    public long Integer(long otherwise, params ReadOnlySpan<string> names) => Text(names) is not { } text ? otherwise
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new UserErrorException(
            $"'{Path}' has '{VoxelData.Printable(text)}' in its field '{names[0]}', where a whole number is expected; correct its header.");

    /// <summary>Returns the sizes in a field, which must be positive and few.</summary>
    public long[] Sizes(string name, string format)
    {
        var parts = Need(name, format).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var sizes = Array.ConvertAll(parts, part =>
            long.TryParse(part, NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : 0);
        return sizes.Length is >= 2 and <= 16 && sizes.All(n => n > 0)
            ? sizes
            : throw new UserErrorException(
                $"'{Path}' states '{VoxelData.Printable(string.Join(' ', parts))}' voxels; two to four positive numbers are expected: correct its "
                + "header.");
    }

    /// <summary>Reads lines until <paramref name="take"/> returns false; returns where the header ends.</summary>
    public static long ReadLines(string path, Func<string, bool> take)
    {
        using var file = File.OpenRead(path);
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
            if (!take(text))
                return file.Position;
        }

        // A header that no voxels follow may end without a line break.
        if (line.Length > 0)
            take(line.ToString().TrimEnd('\r'));
        return file.Position;
    }
}
