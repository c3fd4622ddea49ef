namespace Microsoft.ML.Data;

/// <summary>Columns computed from a row, bound to an input schema.</summary>
internal interface IRowMapper
{
    DataViewSchema.DetachedColumn[] OutputColumns { get; }

    /// <summary>The input columns that the active outputs are computed from.</summary>
    IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs);

    /// <summary>By output; null where it is not active. The disposer may be null.</summary>
    Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer);
}

/// <summary>
/// A view, or a mapper of single rows, that adds the columns of a mapper. A column whose name exists already stands
/// right behind the old one and hides it. Columns that nobody asks for are not computed.
/// </summary>
internal sealed class MappedDataView : IDataView, IRowToRowMapper
{
    private readonly IDataView _source;
    private readonly IRowMapper _mapper;
    private readonly int _outputCount;

    // By output column: the index of an input column, or the complement of the index of a computed one.
    private readonly int[] _origins;

    public MappedDataView(DataViewSchema inputSchema, IDataView source, IRowMapper mapper)
    {
        InputSchema = inputSchema;
        _source = source;
        _mapper = mapper;
        var added = mapper.OutputColumns;
        _outputCount = added.Length;
        var origins = Enumerable.Range(0, inputSchema.Count).ToList();
        for (var i = 0; i < added.Length; i++)
        {
            var hidden = inputSchema.GetColumnOrNull(added[i].Name)?.Index;
            origins.Insert(hidden is { } index ? origins.IndexOf(index) + 1 : origins.Count, ~i);
        }
        _origins = [.. origins];
        Schema = DataViewSchema.Of(_origins.Select(origin =>
            origin >= 0 ? new DataViewSchema.DetachedColumn(inputSchema[origin]) : added[~origin]));
    }

    public bool CanShuffle => _source.CanShuffle;

    public DataViewSchema Schema { get; }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema OutputSchema => Schema;

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Getters.ActiveFlags(Schema, columnsNeeded);
        return new Cursor(this, _source.GetRowCursor(Dependencies(active), rand), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Getters.ActiveFlags(Schema, columnsNeeded);
        return _source.GetRowCursorSet(Dependencies(active), n, rand)
            .Select(cursor => (DataViewRowCursor)new Cursor(this, cursor, active)).ToArray();
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        Dependencies(Getters.ActiveFlags(Schema, dependingColumns));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        if (input.Schema != InputSchema)
        {
            throw new ArgumentException(
                "Schema of the input row must be the same as the schema the mapper is bound to", nameof(input));
        }
        return new Row(this, input, Getters.ActiveFlags(Schema, activeColumns));
    }

    private DataViewSchema.Column[] Dependencies(bool[] active)
    {
        var passed = _origins.Where((origin, index) => origin >= 0 && active[index])
            .Select(origin => InputSchema[origin]);
        return passed.Concat(_mapper.GetDependencies(ActiveOutputs(active)))
            .DistinctBy(column => column.Index).ToArray();
    }

    private bool[] ActiveOutputs(bool[] active)
    {
        var outputs = new bool[_outputCount];
        for (var i = 0; i < active.Length; i++)
        {
            if (_origins[i] < 0)
                outputs[~_origins[i]] = active[i];
        }
        return outputs;
    }

    /// <summary>The getters of one row or cursor.</summary>
    private sealed class Columns
    {
        private readonly MappedDataView _view;
        private readonly DataViewRow _input;
        private readonly bool[] _active;
        private readonly Delegate[] _computed;
        private readonly Action _disposer;

        public Columns(MappedDataView view, DataViewRow input, bool[] active)
        {
            _view = view;
            _input = input;
            _active = active;
            _computed = view._mapper.CreateGetters(input, view.ActiveOutputs(active), out _disposer);
        }

        public bool IsActive(DataViewSchema.Column column)
        {
            Getters.CheckIndex(_view.Schema, column);
            return _active[column.Index];
        }

        public ValueGetter<TValue> Getter<TValue>(DataViewSchema.Column column)
        {
            if (!IsActive(column))
                throw Getters.NotActive(column);
            var origin = _view._origins[column.Index];
            return origin >= 0
                ? _input.GetGetter<TValue>(_view.InputSchema[origin])
                : _computed[~origin] as ValueGetter<TValue>
                    ?? throw new InvalidOperationException(
                        $"Invalid TValue in GetGetter for column '{column.Name}': '{typeof(TValue)}', "
                        + $"expected type: '{column.Type.RawType}'.");
        }

        public void Dispose()
        {
            _disposer?.Invoke();
            _input.Dispose();
        }
    }

    private sealed class Row(MappedDataView view, DataViewRow input, bool[] active) : DataViewRow
    {
        private readonly Columns _columns = new(view, input, active);

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override DataViewSchema Schema => view.Schema;

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _columns.Getter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _columns.Dispose();
            base.Dispose(disposing);
        }
    }

    private sealed class Cursor(MappedDataView view, DataViewRowCursor input, bool[] active) : WrappingCursor(input)
    {
        private readonly Columns _columns = new(view, input, active);

        public override DataViewSchema Schema => view.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _columns.Getter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _columns.Dispose();
            base.Dispose(disposing);
        }
    }
}
