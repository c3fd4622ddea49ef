namespace Microsoft.ML.Data;

/// <summary>
/// Objects of a row class as a view; a list can be counted and shuffled, another sequence is walked anew each time.
/// </summary>
internal sealed class EnumerableDataView<TRow> : IDataView
    where TRow : class
{
    private readonly IEnumerable<TRow> _data;
    private readonly TypedMember<TRow>[] _members;

    public EnumerableDataView(IEnumerable<TRow> data, SchemaDefinition definition)
    {
        _data = data;
        _members = TypedMember<TRow>.Create(definition, SchemaDefinition.Direction.Read);
        Schema = DataViewSchema.Of(_members.Select(member => member.Column));
    }

    public bool CanShuffle => _data is IList<TRow>;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _data is IList<TRow> list ? list.Count : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var rows = _data is IList<TRow> list
            ? OrderedRows(list, rand)
            : _data.Select((row, index) => (row, (long)index));
        return new Cursor(this, rows.GetEnumerator(), Getters.ActiveFlags(Schema, columnsNeeded));
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private static IEnumerable<(TRow Row, long Index)> OrderedRows(IList<TRow> list, Random rand)
    {
        var order = Enumerable.Range(0, list.Count).ToArray();
        rand?.Shuffle(order);
        return order.Select(index => (list[index], (long)index));
    }

    private sealed class Cursor : RootCursor
    {
        private readonly IEnumerator<(TRow Row, long Index)> _rows;
        private TRow _current;

        public Cursor(EnumerableDataView<TRow> view, IEnumerator<(TRow Row, long Index)> rows, bool[] active)
            : base(view.Schema, active)
        {
            _rows = rows;
            for (var i = 0; i < active.Length; i++)
            {
                if (active[i])
                    ColumnGetters[i] = view._members[i].GetterOver(() => _current);
            }
        }

        protected override long SourceIndex => _rows.Current.Index;

        protected override bool MoveNextCore()
        {
            if (!_rows.MoveNext())
            {
                _current = null;
                return false;
            }
            _current = _rows.Current.Row ?? throw new InvalidOperationException("Null row object in the input data.");
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _rows.Dispose();
            base.Dispose(disposing);
        }
    }
}
