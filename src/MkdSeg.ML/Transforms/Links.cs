using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Builds a chain of ML.NET's own estimators that can be saved and loaded through the public API alone: options are the text
/// of an expression, custom mappings of fixed columns do the work, and copies connect them to the user's columns.
/// </summary>
internal sealed class Links(TransformsCatalog catalog)
{
    private static readonly string[] InputNames = [StepColumns.Input, StepColumns.Second, StepColumns.Third];
    private readonly HashSet<string> _transients = [];
    private readonly HashSet<string> _structureNames = [];
    private EstimatorChain<ITransformer> _chain = new();

    /// <summary>Structure names that the chain uses for temporary columns.</summary>
    public IReadOnlyCollection<string> StructureNames => _structureNames;

    /// <summary>Copies a column; one with a fixed name is dropped at the end.</summary>
    public Links Copy(string to, string from) => Append(catalog.CopyColumns(to, from), [to]);

    /// <summary>Copies the columns that a step reads to the names that its mapping expects.</summary>
    public Links CopyInputs(IReadOnlyList<StepColumn> inputs)
    {
        for (var i = 0; i < inputs.Count; i++)
            Copy(InputNames[i], inputs[i].Name);
        return this;
    }

    /// <summary>Supplies the options of the next mapping.</summary>
    public Links Options<TOptions>(TOptions options, params IReadOnlyList<byte[]> files)
    {
        // An expression needs an input column, whatever columns the data has.
        if (!_transients.Contains(StepColumns.Anchor))
            Map(new AnchorMapping());
        return Append(
            catalog.Expression(
                StepColumns.Options, $"x : \"{StepOptions.Encode(options, files)}\"", StepColumns.Anchor),
            [StepColumns.Options]);
    }

    public Links Map<TInput, TOutput>(CustomMappingFactory<TInput, TOutput> mapping)
        where TInput : class, new()
        where TOutput : class, new()
    {
        var contract = mapping.GetType().GetCustomAttribute<CustomMappingFactoryAttributeAttribute>()!.ContractName;
        return Append(
            catalog.CustomMapping(mapping.GetMapping(), contract),
            SchemaDefinition.Create(typeof(TOutput)).Select(column => column.ColumnName));
    }

    /// <summary>Gathers several columns into the column <see cref="StepColumns.Several"/>.</summary>
    public Links Gather(IReadOnlyList<string> columns, bool areProbabilities)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            Copy(StepColumns.Input, columns[i]);
            _ = (areProbabilities, i) switch
            {
                (true, 0) => Map(new FirstProbabilitiesMapping()),
                (true, _) => Map(new MoreProbabilitiesMapping()),
                (false, 0) => Map(new FirstLabelMapMapping()),
                (false, _) => Map(new MoreLabelMapsMapping()),
            };
        }

        return this;
    }

    /// <summary>
    /// Creates a vector column with named slots. A custom mapping cannot save annotations, but a concatenation of scalar
    /// columns can, and names its slots after them; so each value is a column of that name until the end of the chain.
    /// </summary>
    /// <param name="output">The vector column.</param>
    /// <param name="names">The names of its slots.</param>
    /// <param name="map">Adds options and a mapping to <see cref="ScalarsOutput"/>, for values from the given index on.</param>
    private Links NamedVector(string output, IReadOnlyList<string> names, Action<int> map)
    {
        for (var i = 0; i < names.Count; i++)
        {
            if (i % ScalarsOutput.Count == 0)
                map(i);
            Copy(names[i], $"{ScalarsOutput.ColumnPrefix}{i % ScalarsOutput.Count}");
        }

        _structureNames.UnionWith(names);
        _transients.UnionWith(names);
        return Append(catalog.Concatenate(output, [.. names]), []);
    }

    /// <summary>Adds a vector column with a slot per structure, from a mapping that measures a few classes at a time.</summary>
    public Links Measure<TInput>(
        string output, LabelSet labels, ConfiguredMapping<MeasureOptions, TInput, ScalarsOutput> mapping)
        where TInput : StepInput, IConfigured, new() => NamedVector(
            output,
            [.. labels.Structures.Select(structure => structure.Name)],
            start => Options(new MeasureOptions(labels.ClassCount, start)).Map(mapping));

    /// <summary>Returns the chain, which drops its temporary columns at the end.</summary>
    public IEstimator<ITransformer> Finish() => _chain.Append((IEstimator<ITransformer>)catalog.DropColumns([.. _transients]));

    private Links Append(IEstimator<ITransformer> link, IEnumerable<string> made)
    {
        _chain = _chain.Append(link);
        _transients.UnionWith(made.Where(name =>
            name.StartsWith(StepColumns.Prefix, StringComparison.Ordinal)
            || name.StartsWith(ScalarsOutput.ColumnPrefix, StringComparison.Ordinal)));
        return this;
    }
}

internal sealed class NoInput;

internal sealed class AnchorOutput
{
    [ColumnName(StepColumns.Anchor)]
    public ReadOnlyMemory<char> Anchor { get; set; }
}

/// <summary>Supplies the text column that an expression needs as its input.</summary>
[CustomMappingFactoryAttribute("MkdSeg.Anchor")]
internal sealed class AnchorMapping : CustomMappingFactory<NoInput, AnchorOutput>
{
    public override Action<NoInput, AnchorOutput> GetMapping() => static (_, output) => output.Anchor = default;
}
