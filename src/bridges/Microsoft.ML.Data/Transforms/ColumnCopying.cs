using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ColumnCopyingEstimator : TrivialEstimator<ColumnCopyingTransformer>
{
    internal ColumnCopyingEstimator(string outputColumnName, string inputColumnName)
        : base(new ColumnCopyingTransformer(outputColumnName, inputColumnName))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToMap();
        if (!columns.TryGetValue(Transformer.InputColumnName, out var source))
            throw SchemaErrors.Missing(Transformer.InputColumnName);
        columns[Transformer.OutputColumnName] = new SchemaShape.Column(
            Transformer.OutputColumnName, source.Kind, source.ItemType, source.IsKey, source.Annotations);
        return new SchemaShape(columns.Values);
    }
}

public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    internal ColumnCopyingTransformer(string outputColumnName, string inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        OutputColumnName = outputColumnName;
        InputColumnName = inputColumnName ?? outputColumnName;
    }

    internal string OutputColumnName { get; }

    internal string InputColumnName { get; }

    internal static ColumnCopyingTransformer Load(ModelLoadContext context) =>
        new(context.Values[0], context.Values[1]);

    private protected override void SaveModel(ModelSaveContext ctx) =>
        ctx.Describe(GetType().AssemblyQualifiedName, OutputColumnName, InputColumnName);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema) =>
        new Mapper(
            OutputColumnName, schema.GetColumnOrNull(InputColumnName) ?? throw SchemaErrors.Missing(InputColumnName));

    private sealed class Mapper(string outputColumnName, DataViewSchema.Column source) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] OutputColumns =>
            [new DataViewSchema.DetachedColumn(outputColumnName, source.Type, source.Annotations)];

        public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs) =>
            activeOutputs[0] ? [source] : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            disposer = null;
            return [activeOutputs[0] ? Getters.Of(input, source) : null];
        }
    }
}
