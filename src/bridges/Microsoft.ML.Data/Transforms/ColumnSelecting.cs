using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ColumnSelectingEstimator : TrivialEstimator<ColumnSelectingTransformer>
{
    internal ColumnSelectingEstimator(bool keep, string[] columnNames, bool keepHidden)
        : base(new ColumnSelectingTransformer(keep, columnNames, keepHidden))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = inputSchema.ToMap();
        foreach (var name in Transformer.ColumnNames)
        {
            if (!columns.ContainsKey(name))
                throw SchemaErrors.Missing(name);
        }
        return new SchemaShape(Transformer.Keep
            ? Transformer.ColumnNames.Select(name => columns[name])
            : inputSchema.Where(column => !Transformer.ColumnNames.Contains(column.Name)));
    }
}

public sealed class ColumnSelectingTransformer : ITransformer
{
    private const string KeepColumns = "keep";
    private const string DropColumns = "drop";
    private const string WithHidden = "with hidden";
    private const string WithoutHidden = "without hidden";
    private readonly bool _keepHidden;

    internal ColumnSelectingTransformer(bool keep, string[] columnNames, bool keepHidden)
    {
        ArgumentNullException.ThrowIfNull(columnNames);
        Keep = keep;
        ColumnNames = columnNames;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    /// <summary>Whether the names are the columns to keep, or those to drop.</summary>
    internal bool Keep { get; }

    internal string[] ColumnNames { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Project(inputSchema, null).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Project(input.Schema, input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return Project(inputSchema, null);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ctx.Describe(
        GetType().AssemblyQualifiedName,
        [Keep ? KeepColumns : DropColumns, _keepHidden ? WithHidden : WithoutHidden, .. ColumnNames]);

    internal static ColumnSelectingTransformer Load(ModelLoadContext context) =>
        new(context.Values[0] == KeepColumns, context.Values[2..], context.Values[1] == WithHidden);

    private SelectedColumnsDataView Project(DataViewSchema schema, IDataView source)
    {
        foreach (var name in ColumnNames)
        {
            if (schema.GetColumnOrNull(name) == null)
                throw SchemaErrors.Missing(name);
        }
        var visible = schema.Where(column => _keepHidden || !column.IsHidden);
        var selected = Keep
            ? ColumnNames.SelectMany(name => visible.Where(column => column.Name == name))
            : visible.Where(column => !ColumnNames.Contains(column.Name));
        return new SelectedColumnsDataView(schema, source, selected.Select(column => column.Index).ToArray());
    }
}
