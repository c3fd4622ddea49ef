namespace MkdSeg.Datasets;

/// <summary>The structures of a data set or model, and the mapping between file values and class indices.</summary>
public sealed class LabelSet
{
    /// <summary>The class index of pixels without an annotation; ignored in training and scoring.</summary>
    public const byte IgnoredClass = byte.MaxValue;

    private const byte Unknown = byte.MaxValue;
    private readonly byte[] _classOfValue;
    private readonly ushort[] _valueOfClass;

    /// <summary>Creates a label set; the structures may be in any order.</summary>
    /// <exception cref="UserErrorException">
    /// The class indices are not 1, 2, 3 …, a name or value is repeated, a value is 0, or a colour is not "#rrggbb".
    /// </exception>
    public LabelSet(IEnumerable<Structure> structures)
    {
        ArgumentNullException.ThrowIfNull(structures);
        Structures = [.. structures.OrderBy(structure => structure.ClassIndex)];
        if (Structures.Count is 0 or >= Unknown)
            throw new UserErrorException($"{Structures.Count} structures were given; there must be between 1 and 254.");
        _classOfValue = new byte[ushort.MaxValue + 1];
        Array.Fill(_classOfValue, Unknown);
        _classOfValue[0] = 0;
        _valueOfClass = new ushort[ClassCount];
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Structures.Count; i++)
        {
            var structure = Structures[i];
            if (structure.ClassIndex != i + 1)
            {
                throw new UserErrorException(
                    $"The structures have the class indices {string.Join(", ", Structures.Select(s => s.ClassIndex))}; "
                    + $"they must be 1 to {Structures.Count}, each once.");
            }

            if (!names.Add(structure.Name))
                throw new UserErrorException($"Two structures are called '{structure.Name}'; names must differ.");
            if (!IsColor(structure.Color))
            {
                throw new UserErrorException(
                    $"The colour of structure '{structure.Name}' is '{structure.Color}'; write it as #rrggbb.");
            }

            _valueOfClass[structure.ClassIndex] = structure.Value;
            foreach (var value in structure.Aliases.Prepend(structure.Value))
            {
                if (_classOfValue[value] != Unknown)
                {
                    var holder = value == 0 ? "background" : Structures[_classOfValue[value] - 1].Name;
                    throw new UserErrorException(
                        $"Label value {value} of structure '{structure.Name}' already means {holder}; values "
                        + "must differ.");
                }

                _classOfValue[value] = (byte)structure.ClassIndex;
            }
        }
    }

    /// <summary>
    /// The seven substructures of the MM-WHS challenge in the column order of the paper's tables; 421, which occurs in
    /// mr_train_1010, means 420.
    /// </summary>
    public static LabelSet WholeHeart { get; } = new(
    [
        new() { ClassIndex = 1, Name = "MYO", FullName = "myocardium of the left ventricle", Value = 205,
            Color = "#e6194b", Side = "left", Terminology = "SCT:74281007" },
        new() { ClassIndex = 2, Name = "LA", FullName = "left atrium blood cavity", Value = 420, Aliases = [421],
            Color = "#ffe119", Side = "left", Terminology = "SCT:82471001" },
        new() { ClassIndex = 3, Name = "LV", FullName = "left ventricle blood cavity", Value = 500,
            Color = "#f58231", Side = "left", Terminology = "SCT:87878005" },
        new() { ClassIndex = 4, Name = "RA", FullName = "right atrium blood cavity", Value = 550,
            Color = "#3cb44b", Side = "right", Terminology = "SCT:73829009" },
        new() { ClassIndex = 5, Name = "RV", FullName = "right ventricle blood cavity", Value = 600,
            Color = "#4363d8", Side = "right", Terminology = "SCT:53085002" },
        new() { ClassIndex = 6, Name = "AA", FullName = "ascending aorta", Value = 820,
            Color = "#42d4f4", Terminology = "SCT:54247002" },
        new() { ClassIndex = 7, Name = "PA", FullName = "pulmonary artery", Value = 850,
            Color = "#f032e6", Terminology = "SCT:81040000" },
    ]);

    /// <summary>The structures in order of class index, without background: element i has class index i + 1.</summary>
    public IReadOnlyList<Structure> Structures { get; }

    /// <summary>Number of classes, including background.</summary>
    public int ClassCount => Structures.Count + 1;

    /// <summary>Maps file values to class indices.</summary>
    /// <param name="labels">Values as stored in the file.</param>
    /// <param name="source">The file name, for the error message.</param>
    /// <exception cref="UserErrorException">A value belongs to no structure.</exception>
    public Volume<byte> ToClasses(Volume<ushort> labels, string source) => ToClasses(labels, source, [], out _);

    /// <summary>Maps file values to class indices; listed values become background and are counted.</summary>
    /// <param name="labels">Values as stored in the file.</param>
    /// <param name="source">The file name, for the error message.</param>
    /// <param name="ignoredValues">Values known to be meaningless in this file, such as border artefacts.</param>
    /// <param name="ignoredVoxels">Number of voxels with an ignored value.</param>
    /// <exception cref="UserErrorException">A value belongs to no structure and is not ignored.</exception>
    public Volume<byte> ToClasses(
        Volume<ushort> labels, string source, IReadOnlyCollection<ushort> ignoredValues, out long ignoredVoxels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(ignoredValues);
        var values = labels.Voxels;
        var classes = new byte[values.Length];
        ignoredVoxels = 0;
        Dictionary<ushort, long>? unknown = null;
        for (var i = 0; i < values.Length; i++)
        {
            var index = _classOfValue[values[i]];
            if (index == Unknown)
            {
                index = 0;
                if (ignoredValues.Contains(values[i]))
                {
                    ignoredVoxels++;
                }
                else
                {
                    unknown ??= [];
                    unknown[values[i]] = unknown.GetValueOrDefault(values[i]) + 1;
                }
            }

            classes[i] = index;
        }

        return unknown is null ? new(labels.Grid, classes) : throw UnknownValues(unknown, source);
    }

    /// <summary>Maps class indices to label-file values.</summary>
    /// <exception cref="ArgumentException">A class index is not in this set.</exception>
    public Volume<ushort> ToValues(Volume<byte> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var values = new Volume<ushort>(classes.Grid);
        ToValues(classes.Voxels, values.Voxels);
        return values;
    }

    /// <summary>Maps class indices, such as those of a slice, to label-file values.</summary>
    /// <param name="classes">The class indices.</param>
    /// <param name="values">Receives the values, one per class index.</param>
    /// <exception cref="ArgumentException">A class index is not in this set.</exception>
    public void ToValues(ReadOnlySpan<byte> classes, Span<ushort> values)
    {
        for (var i = 0; i < classes.Length; i++)
        {
            if (classes[i] >= _valueOfClass.Length)
            {
                throw new ArgumentException(
                    $"Class index {classes[i]} was found; this label set has the classes 0 to {Structures.Count}.",
                    nameof(classes));
            }

            values[i] = _valueOfClass[classes[i]];
        }
    }

    private UserErrorException UnknownValues(Dictionary<ushort, long> unknown, string source)
    {
        var found = unknown.OrderBy(pair => pair.Key).Take(8)
            .Select(pair => $"{pair.Key} ({pair.Value} voxel{(pair.Value == 1 ? "" : "s")})");
        var known = Structures.SelectMany(
            s => s.Aliases.Prepend(s.Value).Select(v => $"{v} {s.Name}"));
        return new(
            $"{source}: unknown label value{(unknown.Count == 1 ? "" : "s")} {string.Join(", ", found)}"
            + (unknown.Count > 8 ? $" and {unknown.Count - 8} more" : "")
            + $"; known values are 0 background, {string.Join(", ", known)}: correct the file, add the value to the "
            + "manifest's labels, or list it under the case's ignoredLabelValues.");
    }

    private static bool IsColor(string? color) =>
        color is { Length: 7 } && color[0] == '#'
        && int.TryParse(color.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _);
}

/// <summary>One structure to segment: its class index, its value in label files, its names.</summary>
public sealed record Structure
{
    /// <summary>The class index that networks use, 1 for the first structure; 0 is background.</summary>
    public required int ClassIndex { get; init; }

    /// <summary>Short name for tables, such as MYO.</summary>
    public required string Name { get; init; }

    /// <summary>Full name, such as "myocardium of the left ventricle".</summary>
    public required string FullName { get; init; }

    /// <summary>Its value in label files; never 0.</summary>
    public required ushort Value { get; init; }

    /// <summary>Further values that are read as this structure; <see cref="Value"/> is written.</summary>
    public IReadOnlyList<ushort> Aliases { get; init; } = [];

    /// <summary>Display colour, "#rrggbb".</summary>
    public required string Color { get; init; }

    /// <summary>Side of the body, "left" or "right", if the name specifies one.</summary>
    public string? Side { get; init; }

    /// <summary>Terminology code, such as "SCT:87878005" (SNOMED CT).</summary>
    public string? Terminology { get; init; }
}
