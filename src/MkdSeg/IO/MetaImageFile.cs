using System.Text;

namespace MkdSeg.IO;

/// <summary>
/// MetaImage files, with header and voxels in one file (.mha) or in separate files (.mhd). They are read here because ITK
/// reads truncated voxels without an error. Keys follow MetaIO's documentation.
/// </summary>
internal static class MetaImageFile
{
    private const string Name = "MetaImage";

    public static StoredVolume Open(string path)
    {
        var fields = new HeaderFields(path);
        var end = HeaderFields.ReadLines(path, line =>
        {
            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts.Length == 2)
                fields.Set(parts[0], parts[1]);
            return parts.Length < 2 || !parts[0].Equals("ElementDataFile", StringComparison.OrdinalIgnoreCase);
        });
        fields.Need("NDims", Name);
        var sizes = fields.Sizes("DimSize", Name);
        var type = TypeOf(fields);
        var files = DataFiles(fields, end);
        var warnings = new List<string>();
        var (grid, problem) = PlaceVoxels(fields, sizes, warnings);
        if (grid is null)
            throw new UserErrorException($"'{path}' {problem}");
        var channels = fields.Integer(1, "ElementNumberOfChannels");
        if (channels is < 1 or > short.MaxValue)
            throw new UserErrorException($"'{path}' has {channels} values per voxel; one is expected: convert it.");
        var isText = !IsTrue(fields, true, "BinaryData");
        return new(path, Name, grid, new(path, files, type, grid.Size.VoxelCount)
        {
            Packing = IsTrue(fields, false, "CompressedData") ? VoxelPacking.Zlib : isText ? VoxelPacking.Text : VoxelPacking.None,
            // A header size of -1 means that the voxels are at the end of the file.
            Start = files is [var only] && only == path ? end : Math.Max(fields.Integer(0, "HeaderSize"), -1),
            BigEndian = IsTrue(fields, false, "BinaryDataByteOrderMSB", "ElementByteOrderMSB"),
            Components = (int)channels,
        })
        {
            PixelType = type.Describe(),
            Warnings = warnings,
        };
    }

    /// <summary>Returns the header of a volume whose voxels follow it.</summary>
    public static string Header(Grid grid, VoxelType type)
    {
        static string Join(params double[] values) =>
            string.Join(' ', values.Select(value => value.ToString("r", CultureInfo.InvariantCulture)));
        static double[] Parts(Vector3D v) => [v.X, v.Y, v.Z];
        var axes = Join([.. Parts(grid.Direction.AxisX), .. Parts(grid.Direction.AxisY), .. Parts(grid.Direction.AxisZ)]);
        return "ObjectType = Image\nNDims = 3\nBinaryData = True\n"
            + $"BinaryDataByteOrderMSB = {!BitConverter.IsLittleEndian}\nCompressedData = False\n"
            + $"TransformMatrix = {axes}\nOffset = {Join(Parts(grid.OriginMm))}\nCenterOfRotation = 0 0 0\n"
            + $"ElementSpacing = {Join(Parts(grid.SpacingMm))}\nDimSize = {grid.Size.X} {grid.Size.Y} {grid.Size.Z}\n"
            + $"ElementType = {TypeName(type)}\nElementDataFile = LOCAL\n";
    }

    private static (Grid? Grid, string? Problem) PlaceVoxels(HeaderFields fields, long[] sizes, List<string> warnings)
    {
        var n = sizes.Length;
        if (fields.Integer(n, "NDims") != n)
        {
            return (null, $"has {VoxelData.Printable(fields.Text("NDims") ?? "no")} dimensions and {n} sizes; one size per "
                + "dimension is expected: correct its header.");
        }

        if (HeaderGrid.Problem(sizes) is { } problem)
            return (null, problem);
        var spacing = fields.Reals(n, "ElementSpacing", "ElementSize");
        if (spacing is null)
            warnings.Add($"'{fields.Path}' does not state its voxel spacing; 1 mm is assumed.");
        var offset = fields.Reals(n, "Offset", "Position", "Origin") ?? new double[n];
        var matrix = fields.Reals(n * n, "TransformMatrix", "Rotation", "Orientation");
        Vector3D Axis(int axis) => n == 2
            ? axis == 2 ? new(0, 0, 1) : matrix is null ? Unit(axis) : new(matrix[2 * axis], matrix[(2 * axis) + 1], 0)
            : matrix is null ? Unit(axis) : new(matrix[n * axis], matrix[(n * axis) + 1], matrix[(n * axis) + 2]);
        Vector3D[] axes = [Axis(0), Axis(1), Axis(2)];
        // Each letter names the side from which an axis runs: "RAI" runs to the left, the back and the head.
        if (fields.Text("AnatomicalOrientation")?.ToUpperInvariant() is { } code && Orientation.IsCode(code) && n > 2)
        {
            if (matrix is null)
                axes = [.. code.Select(letter => Unit(Orientation.PatientAxis(letter)) * ("RAI".Contains(letter) ? 1 : -1))];
            else if (!Enumerable.Range(0, 3).All(i => IsAlong(axes[i], Orientation.PatientAxis(code[i]))))
                warnings.Add($"'{fields.Path}' has an AnatomicalOrientation ({code}) that its TransformMatrix contradicts; the matrix is used.");
        }

        double Spacing(int axis) => axis < n && spacing is not null ? Math.Abs(spacing[axis]) : 1;
        if (axes.Any(axis => Math.Abs(axis.Length - 1) > 0.01))
            return (null, "has a TransformMatrix that is singular or whose rows are not unit vectors; correct its header.");
        return HeaderGrid.FromSteps(
            new((int)sizes[0], (int)sizes[1], n > 2 ? (int)sizes[2] : 1),
            [axes[0] * (Spacing(0) / axes[0].Length), axes[1] * (Spacing(1) / axes[1].Length), axes[2] * (Spacing(2) / axes[2].Length)],
            new(offset[0], offset[1], n > 2 ? offset[2] : 0),
            new(Spacing(0), Spacing(1), Spacing(2)));
    }

    private static Vector3D Unit(int axis) => new(axis == 0 ? 1 : 0, axis == 1 ? 1 : 0, axis == 2 ? 1 : 0);

    private static bool IsAlong(Vector3D axis, int side) =>
        Math.Abs(axis[side]) >= Math.Max(Math.Abs(axis.X), Math.Max(Math.Abs(axis.Y), Math.Abs(axis.Z))) - 0.1;

    private static bool IsTrue(HeaderFields fields, bool otherwise, params ReadOnlySpan<string> names) =>
        fields.Text(names) is { } text ? text.StartsWith("true", StringComparison.OrdinalIgnoreCase) : otherwise;

    private static IReadOnlyList<string> DataFiles(HeaderFields fields, long headerEnd)
    {
        var name = fields.Need("ElementDataFile", Name);
        if (name.Equals("LOCAL", StringComparison.OrdinalIgnoreCase))
            return [fields.Path];
        if (name.Contains('%', StringComparison.Ordinal))
            return VoxelData.FindNumbered(fields.Path, name);
        if (!name.StartsWith("LIST", StringComparison.OrdinalIgnoreCase))
            return [VoxelData.Find(fields.Path, name)];
        using var file = File.OpenRead(fields.Path);
        file.Position = headerEnd;
        using var reader = new StreamReader(file, Encoding.Latin1);
        return
        [
            .. reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(listed => VoxelData.Find(fields.Path, listed)),
        ];
    }

    private static VoxelType TypeOf(HeaderFields fields)
    {
        var name = fields.Need("ElementType", Name);
        return name.ToUpperInvariant().Replace("_ARRAY", "", StringComparison.Ordinal) switch
        {
            "MET_CHAR" => VoxelType.Int8,
            "MET_UCHAR" => VoxelType.UInt8,
            "MET_SHORT" => VoxelType.Int16,
            "MET_USHORT" => VoxelType.UInt16,
            "MET_INT" or "MET_LONG" => VoxelType.Int32,
            "MET_UINT" or "MET_ULONG" => VoxelType.UInt32,
            "MET_LONG_LONG" => VoxelType.Int64,
            "MET_ULONG_LONG" => VoxelType.UInt64,
            "MET_FLOAT" => VoxelType.Float32,
            "MET_DOUBLE" => VoxelType.Float64,
            _ => throw new UserErrorException(
                $"'{fields.Path}' stores its voxels as '{VoxelData.Printable(name)}', which is not supported; "
                + "convert it to MET_SHORT or MET_FLOAT."),
        };
    }

    private static string TypeName(VoxelType type) => type switch
    {
        VoxelType.UInt8 => "MET_UCHAR",
        VoxelType.UInt16 => "MET_USHORT",
        VoxelType.Float32 => "MET_FLOAT",
        _ => throw new NotSupportedException($"Writing volumes of {type} is not supported."),
    };
}
