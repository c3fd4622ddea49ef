namespace Microsoft.ML.Data;

/// <summary>A cursor over rows that it numbers itself.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly DataViewSchema _schema;
    private long _position = -1;

    protected RootCursor(DataViewSchema schema, bool[] active)
    {
        _schema = schema;
        Active = active;
        ColumnGetters = new Delegate[schema.Count];
    }

    public override long Position => _position;

    public override long Batch => 0;

    public override DataViewSchema Schema => _schema;

    protected bool[] Active { get; }

    /// <summary>By column index; null where the column is not active.</summary>
    protected Delegate[] ColumnGetters { get; }

    /// <summary>The place of the current row in its source, whatever the order of the walk; its identity.</summary>
    protected abstract long SourceIndex { get; }

    public override bool IsColumnActive(DataViewSchema.Column column)
    {
        Getters.CheckIndex(_schema, column);
        return Active[column.Index];
    }

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Getters.Pick<TValue>(ColumnGetters, _schema, column);

    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId id) => id = new DataViewRowId((ulong)SourceIndex, 0);

    public override bool MoveNext()
    {
        if (!MoveNextCore())
            return false;
        _position++;
        return true;
    }

    protected abstract bool MoveNextCore();

    protected static int[] OrderOf(int count, Random rand)
    {
        var order = Enumerable.Range(0, count).ToArray();
        rand?.Shuffle(order);
        return order;
    }
}

/// <summary>A cursor that walks another one's rows.</summary>
internal abstract class WrappingCursor(DataViewRowCursor input) : DataViewRowCursor
{
    protected DataViewRowCursor Input { get; } = input;

    public override long Position => Input.Position;

    public override long Batch => Input.Batch;

    public override DataViewSchema Schema => Input.Schema;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => Input.IsColumnActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
        Input.GetGetter<TValue>(column);

    public override bool MoveNext() => Input.MoveNext();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Input.Dispose();
        base.Dispose(disposing);
    }
}
