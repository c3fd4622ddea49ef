namespace Microsoft.ML.Data;

/// <summary>Some of the columns of a view, or of single rows, in a given order.</summary>
internal sealed class SelectedColumnsDataView : IDataView, IRowToRowMapper
{
    private readonly IDataView _source;
    private readonly int[] _sourceIndices;

    public SelectedColumnsDataView(DataViewSchema inputSchema, IDataView source, int[] sourceIndices)
    {
        InputSchema = inputSchema;
        _source = source;
        _sourceIndices = sourceIndices;
        Schema = DataViewSchema.Of(
            sourceIndices.Select(index => new DataViewSchema.DetachedColumn(inputSchema[index])));
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema => Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null) =>
        new Cursor(this, _source.GetRowCursor(GetDependencies(columnsNeeded), rand));

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        _source.GetRowCursorSet(GetDependencies(columnsNeeded), n, rand)
            .Select(cursor => (DataViewRowCursor)new Cursor(this, cursor)).ToArray();

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        dependingColumns.Select(SourceColumn).ToArray();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException(
                "Schema of the input row must be the same as the schema the mapper is bound to", nameof(input));
        }
        return new Row(this, input);
    }

    private DataViewSchema.Column SourceColumn(DataViewSchema.Column column)
    {
        Getters.CheckIndex(Schema, column);
        return InputSchema[_sourceIndices[column.Index]];
    }

    private sealed class Cursor(SelectedColumnsDataView view, DataViewRowCursor input) : WrappingCursor(input)
    {
        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            Input.IsColumnActive(view.SourceColumn(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            Input.GetGetter<TValue>(view.SourceColumn(column));
    }

    private sealed class Row(SelectedColumnsDataView view, DataViewRow input) : DataViewRow
    {
        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) =>
            input.IsColumnActive(view.SourceColumn(column));

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            input.GetGetter<TValue>(view.SourceColumn(column));

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                input.Dispose();
            base.Dispose(disposing);
        }
    }
}
