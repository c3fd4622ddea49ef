using System.Text;

namespace MkdSeg.IO;

/// <summary>
/// NRRD files, with header and voxels in one file (.nrrd) or in separate files (.nhdr). They are read here because ITK 5.2
/// mirrors some spaces and fills missing voxels with arbitrary values. Fields follow teem.sourceforge.net/nrrd/format.html.
/// </summary>
internal static class NrrdFile
{
    private const string Name = "NRRD";

    public static StoredVolume Open(string path)
    {
        var fields = new HeaderFields(path);
        var (mark, listed, isList) = ("", new List<string>(), false);
        var end = HeaderFields.ReadLines(path, line =>
        {
            if (mark.Length == 0)
            {
                mark = line;
                return mark.StartsWith("NRRD000", StringComparison.Ordinal);
            }

            if (isList)
            {
                if (line.Trim().Length > 0)
                    listed.Add(line.Trim());
                return true;
            }

            var parts = line.Split(": ", 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2 && line[0] != '#' && !parts[0].Contains(":=", StringComparison.Ordinal))
                fields.Set(parts[0], parts[1]);
            isList = fields.Text("data file", "datafile")?.StartsWith("LIST", StringComparison.Ordinal) ?? false;
            return line.Length > 0;
        });
        if (!mark.StartsWith("NRRD000", StringComparison.Ordinal))
        {
            throw new UserErrorException(
                $"'{path}' is not an NRRD file: it does not begin with NRRD000 and a version; check what it is.");
        }

        var sizes = fields.Sizes("sizes", Name);
        var warnings = new List<string>();
        var (axes, steps) = Axes(fields, sizes, warnings);
        var (grid, problem) = PlaceVoxels(fields, sizes, axes, steps);
        if (grid is null)
            throw new UserErrorException($"'{path}' {problem}");
        var type = TypeOf(fields);
        return new(path, Name, grid, Data(fields, DataFiles(fields, listed), end, type, grid.Size.VoxelCount) with
        {
            Components = Components(fields, sizes, axes),
        })
        {
            PixelType = type.Describe(),
            Warnings = warnings,
        };
    }

    /// <summary>Returns the header of a volume whose voxels follow it, including the empty line at its end.</summary>
    public static string Header(Grid grid, VoxelType type, string encoding, string more = "")
    {
        var text = new StringBuilder("NRRD0004\n")
            .Append("# Complete NRRD file format specification at:\n# http://teem.sourceforge.net/nrrd/format.html\n")
            .Append(CultureInfo.InvariantCulture, $"type: {TypeName(type)}\ndimension: 3\nspace: left-posterior-superior\n")
            .Append(CultureInfo.InvariantCulture, $"sizes: {grid.Size.X} {grid.Size.Y} {grid.Size.Z}\n");
        var axes = Enumerable.Range(0, 3).Select(axis => Vector(grid.Direction[axis] * grid.SpacingMm[axis]));
        return text.Append(CultureInfo.InvariantCulture, $"space directions: {string.Join(' ', axes)}\n")
            .Append("kinds: domain domain domain\n")
            .Append(BitConverter.IsLittleEndian ? "endian: little\n" : "endian: big\n")
            .Append(CultureInfo.InvariantCulture, $"encoding: {encoding}\nspace origin: {Vector(grid.OriginMm)}\n{more}\n")
            .ToString();
    }

    private static string Vector(Vector3D vector) =>
        string.Create(CultureInfo.InvariantCulture, $"({vector.X:r},{vector.Y:r},{vector.Z:r})");

    // The two or three spatial axes, and their steps in the file's space; the other axes have one voxel each.
    private static (int[] Axes, Vector3D[] Steps) Axes(HeaderFields fields, long[] sizes, List<string> warnings)
    {
        var path = fields.Path;
        if (fields.Text("space directions") is not { } directions)
        {
            var spacings = fields.Reals(sizes.Length, "spacings");
            var kinds = fields.Text("kinds")?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var tellsSpace = kinds?.Length == sizes.Length && kinds.Any(kind => kind is "domain" or "space");
            bool IsSpace(int i) => tellsSpace ? kinds![i] is "domain" or "space" : sizes.Length <= 3 || sizes[i] > 1;
            int[] axes = [.. Enumerable.Range(0, sizes.Length).Where(IsSpace)];
            if (spacings is null)
                warnings.Add($"'{path}' does not state its voxel spacing; 1 mm is assumed.");
            return (
                axes,
                [.. axes.Select((axis, i) =>
                {
                    var spacing = spacings?[axis] is { } stated && !double.IsNaN(stated) ? stated : 1;
                    return new Vector3D(i == 0 ? spacing : 0, i == 1 ? spacing : 0, i == 2 ? spacing : 0);
                })]);
        }

        var vectors = directions.Replace("none", "()", StringComparison.OrdinalIgnoreCase)
            .Split(')', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(text => text.TrimStart('(', ' '))
            .Select(text => text.Length == 0 ? default(Vector3D) : VectorOf(fields, text, "space directions"))
            .ToArray();
        if (vectors.Length != sizes.Length)
        {
            throw new UserErrorException(
                $"'{path}' has {vectors.Length} space directions for {sizes.Length} dimensions; one per dimension is expected: "
                + "correct its header.");
        }

        // The format writes "no direction" as "none" or as NaN; time has a vector without a spatial component.
        int[] spatial = [.. Enumerable.Range(0, sizes.Length).Where(i => vectors[i].Length > 0)];
        if (spatial.Length > 3)
            spatial = [.. spatial.Where(i => sizes[i] > 1)];
        return (spatial, [.. spatial.Select(i => vectors[i])]);
    }

    private static Vector3D VectorOf(HeaderFields fields, string text, string name)
    {
        var parts = text.Trim('(', ')').Split(',', StringSplitOptions.TrimEntries);
        // Two in a plane, four with time.
        var values = fields.Reals(parts, Math.Clamp(parts.Length, 2, 4), name);
        var vector = new Vector3D(values[0], values[1], values.Length > 2 ? values[2] : 0);
        return values.Any(double.IsNaN) ? default : vector;
    }

    private static (Grid? Grid, string? Problem) PlaceVoxels(HeaderFields fields, long[] sizes, int[] axes, Vector3D[] steps)
    {
        long[] others = [.. sizes.Where((_, i) => !axes.Contains(i))];
        long[] inSpace = [.. axes.Select(axis => sizes[axis])];
        if (axes.Length is < 2 or > 3 || (others.Any(n => n > 1) && !HasColours(fields)))
        {
            return (null, HeaderGrid.Problem([.. inSpace, .. others.Order()]) is { } wrong && sizes.Length > 3 ? wrong
                : $"has {axes.Length} spatial axes for {string.Join('×', sizes)} voxels; three are expected: correct its "
                    + "header.");
        }

        if (HeaderGrid.Problem(inSpace) is { } problem)
            return (null, problem);
        var (x, y, z) = Signs(fields);
        var unit = fields.Text("space units")?.Split(' ')[0].Trim('"') switch
        {
            "um" or "µm" or "microns" or "micrometers" => 0.001,
            "cm" => 10,
            "m" or "meters" => 1000,
            _ => 1.0,
        };
        Vector3D Lps(Vector3D v) => new Vector3D(x * v.X, y * v.Y, z * v.Z) * unit;
        var origin = fields.Text("space origin") is { } text ? VectorOf(fields, text, "space origin") : default;
        return HeaderGrid.FromSteps(
            new((int)inSpace[0], (int)inSpace[1], axes.Length > 2 ? (int)inSpace[2] : 1),
            [Lps(steps[0]), Lps(steps[1]), axes.Length > 2 ? Lps(steps[2]) : default],
            Lps(origin));
    }

    // The signs that convert the axes of the file's space to left, back and head. Spaces not tied to a patient are treated
    // as LPS already, as in ITK.
    private static (int X, int Y, int Z) Signs(HeaderFields fields)
    {
        var space = fields.Text("space")?.ToUpperInvariant() ?? "";
        if (space.Contains('-', StringComparison.Ordinal))
            space = string.Concat(space.Split('-').Select(word => word[..Math.Min(word.Length, 1)]));
        return Orientation.IsCode(space[..Math.Min(space.Length, 3)]) && space[0] is 'R' or 'L' && space[1] is 'A' or 'P'
            ? (space[0] == 'R' ? -1 : 1, space[1] == 'A' ? -1 : 1, space[2] == 'I' ? -1 : 1)
            : (1, 1, 1);
    }

    private static bool HasColours(HeaderFields fields) =>
        fields.Text("kinds") is { } kinds && (kinds.Contains("color", StringComparison.OrdinalIgnoreCase)
            || kinds.Contains("vector", StringComparison.OrdinalIgnoreCase)
            || kinds.Contains("matrix", StringComparison.OrdinalIgnoreCase));

    private static int Components(HeaderFields fields, long[] sizes, int[] axes) => HasColours(fields)
        ? (int)Math.Min(sizes.Where((_, i) => !axes.Contains(i)).Aggregate(1L, (product, n) => product * n), int.MaxValue)
        : 1;

    private static IReadOnlyList<string> DataFiles(HeaderFields fields, List<string> listed) =>
        fields.Text("data file", "datafile") is not { } name ? [fields.Path]
        : name.StartsWith("LIST", StringComparison.Ordinal) ? [.. listed.Select(file => VoxelData.Find(fields.Path, file))]
        : name.Contains('%', StringComparison.Ordinal) ? VoxelData.FindNumbered(fields.Path, name)
        : [VoxelData.Find(fields.Path, name)];

    private static VoxelData Data(HeaderFields fields, IReadOnlyList<string> files, long headerEnd, VoxelType type, long count)
    {
        var encoding = fields.Need("encoding", Name);
        var packing = encoding.ToUpperInvariant() switch
        {
            "RAW" => VoxelPacking.None,
            "GZ" or "GZIP" => VoxelPacking.Gzip,
            "TXT" or "TEXT" or "ASCII" => VoxelPacking.Text,
            _ => throw new UserErrorException(
                $"'{fields.Path}' has the encoding '{VoxelData.Printable(encoding)}'; raw, gzip and text are supported: "
                + "save it again in one of them."),
        };
        var skipped = fields.Integer(0, "byte skip", "byteskip");
        var lines = fields.Integer(0, "line skip", "lineskip");
        var start = files.Count == 1 && files[0] == fields.Path ? headerEnd : 0;
        if (lines > 0)
            start = HeaderFields.ReadLines(files[0], _ => --lines > 0);
        if (skipped < -1 || (skipped == -1 && packing != VoxelPacking.None))
            throw new UserErrorException($"'{fields.Path}' has byte skip {skipped}; a positive value is expected: correct it.");
        return new(fields.Path, files, type, count)
        {
            Packing = packing,
            // Lines are skipped before unpacking, bytes after it; -1 means that the voxels are at the end of the file.
            Start = skipped == -1 ? -1 : start,
            UnpackedStart = Math.Max(skipped, 0),
            BigEndian = type.Size() > 1 && packing != VoxelPacking.Text && fields.Need("endian", Name) is var endian
                && endian.Equals("big", StringComparison.OrdinalIgnoreCase),
        };
    }

    private static VoxelType TypeOf(HeaderFields fields)
    {
        var name = fields.Need("type", Name);
        return name.ToLowerInvariant() switch
        {
            "signed char" or "int8" or "int8_t" => VoxelType.Int8,
            "uchar" or "unsigned char" or "uint8" or "uint8_t" => VoxelType.UInt8,
            "short" or "short int" or "signed short" or "signed short int" or "int16" or "int16_t" => VoxelType.Int16,
            "ushort" or "unsigned short" or "unsigned short int" or "uint16" or "uint16_t" => VoxelType.UInt16,
            "int" or "signed int" or "int32" or "int32_t" => VoxelType.Int32,
            "uint" or "unsigned int" or "uint32" or "uint32_t" => VoxelType.UInt32,
            "longlong" or "long long" or "long long int" or "signed long long" or "signed long long int" or "int64"
                or "int64_t" => VoxelType.Int64,
            "ulonglong" or "unsigned long long" or "unsigned long long int" or "uint64" or "uint64_t" => VoxelType.UInt64,
            "float" => VoxelType.Float32,
            "double" => VoxelType.Float64,
            _ => throw new UserErrorException(
                $"'{fields.Path}' stores its voxels as '{VoxelData.Printable(name)}', which is not supported; "
                + "convert it to short or float."),
        };
    }

    private static string TypeName(VoxelType type) => type switch
    {
        VoxelType.UInt8 => "unsigned char",
        VoxelType.UInt16 => "unsigned short",
        VoxelType.Float32 => "float",
        _ => throw new NotSupportedException($"Writing volumes of {type} is not supported."),
    };
}
