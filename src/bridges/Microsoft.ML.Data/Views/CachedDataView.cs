namespace Microsoft.ML.Data;

/// <summary>Keeps the columns that were asked for in memory, each read from the source once.</summary>
internal sealed class CachedDataView : IDataView
{
    private readonly IDataView _source;
    private readonly int[] _sourceIndices;
    private readonly IStore[] _stores;
    private readonly Lock _lock = new();
    private int _rowCount = -1;

    public CachedDataView(IDataView source, IEnumerable<string> columnsToPrefetch)
    {
        _source = source;
        (Schema, _sourceIndices) = Cachable.Project(source.Schema);
        _stores = new IStore[Schema.Count];
        var prefetched = (columnsToPrefetch ?? []).Select(name => Schema[name]).ToArray();
        if (prefetched.Length > 0)
            Fill(prefetched);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount()
    {
        if (_rowCount < 0)
            Fill([]);
        return _rowCount;
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var columns = columnsNeeded.ToArray();
        var active = Getters.ActiveFlags(Schema, columns);
        Fill(columns);
        return new Cursor(this, active, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private void Fill(DataViewSchema.Column[] columns)
    {
        lock (_lock)
        {
            var missing = columns
                .Select(column => column.Index).Where(index => _stores[index] == null).Distinct().ToArray();
            if (missing.Length == 0 && _rowCount >= 0)
                return;
            using var cursor = _source.GetRowCursor(missing.Select(index => _source.Schema[_sourceIndices[index]]));
            var stores = missing.Select(index => GenericCall.Invoke<IStore>(
                typeof(CachedDataView), nameof(NewStore), null, Schema[index].Type.RawType,
                cursor, _source.Schema[_sourceIndices[index]])).ToArray();
            var count = 0;
            for (; cursor.MoveNext(); count++)
            {
                foreach (var store in stores)
                    store.Append();
            }
            for (var i = 0; i < missing.Length; i++)
                _stores[missing[i]] = stores[i];
            _rowCount = count;
        }
    }

    private static Store<TValue> NewStore<TValue>(DataViewRowCursor cursor, DataViewSchema.Column column) =>
        new(cursor.GetGetter<TValue>(column));

    private interface IStore
    {
        void Append();

        Delegate GetterAt(Func<int> index);
    }

    private sealed class Store<TValue>(ValueGetter<TValue> source) : IStore
    {
        private readonly List<TValue> _values = [];

        public void Append()
        {
            // A fresh variable per row, so that no two rows share the memory of a buffer.
            TValue value = default;
            source(ref value);
            _values.Add(value);
        }

        public Delegate GetterAt(Func<int> index) => (ValueGetter<TValue>)((ref TValue destination) =>
            Getters.Copy(_values[index()], ref destination));
    }

    private sealed class Cursor : RootCursor
    {
        private readonly int[] _order;
        private int _step = -1;

        public Cursor(CachedDataView view, bool[] active, Random rand)
            : base(view.Schema, active)
        {
            _order = OrderOf(view._rowCount, rand);
            for (var i = 0; i < active.Length; i++)
            {
                if (active[i])
                    ColumnGetters[i] = view._stores[i].GetterAt(() => _order[_step]);
            }
        }

        protected override long SourceIndex => _order[_step];

        protected override bool MoveNextCore() => ++_step < _order.Length;
    }
}

/// <summary>
/// What caching and shuffling can hold: primitive types and vectors of them. Other columns drop out silently.
/// </summary>
internal static class Cachable
{
    public static (DataViewSchema Schema, int[] SourceIndices) Project(DataViewSchema schema)
    {
        var kept = schema.Where(column => column.Type is PrimitiveDataViewType or VectorDataViewType).ToArray();
        return (DataViewSchema.Of(kept.Select(column => new DataViewSchema.DetachedColumn(column))),
            kept.Select(column => column.Index).ToArray());
    }
}
