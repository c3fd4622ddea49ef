using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.ML.Transforms;

/// <summary>A column that a step reads or writes, and the type it must have.</summary>
internal readonly record struct StepColumn(string Name, DataViewType Type)
{
    public static implicit operator StepColumn((string Name, DataViewType Type) column) => new(
        string.IsNullOrWhiteSpace(column.Name)
            ? throw new UserErrorException("A column has no name; give one.")
            : column.Name,
        column.Type);
}

/// <summary>The parts of an estimator: the columns it reads, and a chain of ML.NET's own estimators that does the work.</summary>
internal sealed class Step
{
    private readonly string _name;
    private readonly IReadOnlyList<StepColumn> _inputs;
    private readonly IReadOnlyCollection<string> _transients;

    /// <summary>Creates a step from its name in messages, its input columns, links and single output.</summary>
    public Step(string name, IReadOnlyList<StepColumn> inputs, Links links, string? output = null)
    {
        (_name, _inputs, Chain, _transients) = (name, inputs, links.Finish(), links.StructureNames);
        if (output is not null && _transients.Contains(output))
            throw Taken(output);
    }

    public IEstimator<ITransformer> Chain { get; }

    /// <summary>Creates a step of a single mapping with options.</summary>
    public static Step Create<TOptions, TInput, TOutput>(
        TransformsCatalog catalog,
        string name,
        StepColumn output,
        IReadOnlyList<StepColumn> inputs,
        ConfiguredMapping<TOptions, TInput, TOutput> mapping,
        TOptions options,
        params IReadOnlyList<byte[]> files)
        where TInput : StepInput, IConfigured, new()
        where TOutput : class, new() =>
        new(
            name,
            inputs,
            new Links(catalog).Options(options, files).CopyInputs(inputs).Map(mapping).Copy(output.Name, StepColumns.Output),
            output.Name);

    /// <summary>Creates a step of a single mapping without options.</summary>
    public static Step Create<TInput, TOutput>(
        TransformsCatalog catalog,
        string name,
        StepColumn output,
        IReadOnlyList<StepColumn> inputs,
        StepMapping<TInput, TOutput> mapping)
        where TInput : StepInput, new()
        where TOutput : class, new() =>
        new(name, inputs, new Links(catalog).CopyInputs(inputs).Map(mapping).Copy(output.Name, StepColumns.Output));

    public void Check(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        foreach (var input in _inputs)
        {
            if (schema.GetColumnOrNull(input.Name) is not { } found)
                throw Missing(input, schema.Where(column => !column.IsHidden).Select(column => column.Name));
            var vector = found.Type as VectorDataViewType;
            CheckType(input, vector?.ItemType ?? found.Type, vector is not null, found.Type.ToString()!);
        }

        CheckTransients(schema.Select(column => column.Name));
    }

    public void Check(SchemaShape shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        foreach (var input in _inputs)
        {
            var index = shape.ToList().FindIndex(column => column.Name == input.Name);
            if (index < 0)
                throw Missing(input, shape.Select(column => column.Name));
            var found = shape[index];
            var isVector = found.Kind != SchemaShape.Column.VectorKind.Scalar;
            CheckType(input, found.ItemType, isVector, isVector ? $"Vector<{found.ItemType}>" : $"{found.ItemType}");
        }

        CheckTransients(shape.Select(column => column.Name));
    }

    private UserErrorException Missing(StepColumn input, IEnumerable<string> names) => new(
        $"{_name} reads the column '{input.Name}' ({input.Type}), but the data has only "
        + $"{string.Join(", ", names.Distinct().Select(name => $"'{name}'"))}; add it or name another input column.");

    private void CheckType(StepColumn input, DataViewType itemType, bool isVector, string foundName)
    {
        if (!itemType.Equals(input.Type) || isVector)
        {
            throw new UserErrorException(
                $"{_name} needs the column '{input.Name}' to be of type {input.Type}, but it is {foundName}; "
                + "name another input column or convert it first.");
        }
    }

    // The chain creates and drops columns with these names: data with such a column would lose it.
    private void CheckTransients(IEnumerable<string> names)
    {
        if (names.FirstOrDefault(_transients.Contains) is { } taken)
            throw Taken(taken);
    }

    private UserErrorException Taken(string name) => new(
        $"{_name} names its values after the structures, and the column '{name}' has the name of one; rename the column.");
}
