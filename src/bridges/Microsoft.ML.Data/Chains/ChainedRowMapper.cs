namespace Microsoft.ML.Data;

/// <summary>Row mappers one behind the other; each maps only what a later one, or the caller, needs.</summary>
internal sealed class ChainedRowMapper(DataViewSchema inputSchema, IRowToRowMapper[] mappers) : IRowToRowMapper
{
    public DataViewSchema InputSchema => inputSchema;

    public DataViewSchema OutputSchema => mappers.Length == 0 ? inputSchema : mappers[^1].OutputSchema;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Needs(dependingColumns)[0];

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var needs = Needs(activeColumns);
        var row = input;
        for (var i = 0; i < mappers.Length; i++)
            row = mappers[i].GetRow(row, needs[i + 1]);
        return row;
    }

    /// <summary>What is needed in front of each mapper, and, last, behind them all.</summary>
    private DataViewSchema.Column[][] Needs(IEnumerable<DataViewSchema.Column> activeColumns)
    {
        var needs = new DataViewSchema.Column[mappers.Length + 1][];
        needs[^1] = activeColumns.ToArray();
        for (var i = mappers.Length - 1; i >= 0; i--)
            needs[i] = mappers[i].GetDependencies(needs[i + 1]).ToArray();
        return needs;
    }
}
