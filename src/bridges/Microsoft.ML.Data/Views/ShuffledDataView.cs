namespace Microsoft.ML.Data;

/// <summary>
/// The source's rows in random order: from a pool of rows, refilled from the source, one is drawn at a time.
/// </summary>
internal sealed class ShuffledDataView : IDataView
{
    private readonly IDataView _source;
    private readonly int[] _sourceIndices;
    private readonly int _seed;
    private readonly int _poolSize;
    private readonly bool _shuffleSource;

    public ShuffledDataView(IDataView source, int seed, int poolSize, bool shuffleSource)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(poolSize);
        _source = source;
        _seed = seed;
        _poolSize = poolSize;
        _shuffleSource = shuffleSource;
        (Schema, _sourceIndices) = Cachable.Project(source.Schema);
    }

    public bool CanShuffle => true;

    public DataViewSchema Schema { get; }

    public long? GetRowCount() => _source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Getters.ActiveFlags(Schema, columnsNeeded);
        // Without a caller's generator every walk has the same order.
        rand ??= new Random(_seed);
        var needed = Schema.Where(column => active[column.Index])
            .Select(column => _source.Schema[_sourceIndices[column.Index]]);
        var input = _source.GetRowCursor(needed, _shuffleSource && _source.CanShuffle ? new Random(rand.Next()) : null);
        return new Cursor(this, input, active, rand);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private interface IPool
    {
        void Read(int slot);

        void Move(int from, int to);

        Delegate GetterAt(Func<int> slot);
    }

    private sealed class Pool<TValue>(ValueGetter<TValue> source, int size) : IPool
    {
        private readonly TValue[] _values = new TValue[size];

        public void Read(int slot) => source(ref _values[slot]);

        // Swapped, so that no two slots share the memory of a buffer.
        public void Move(int from, int to) => (_values[to], _values[from]) = (_values[from], _values[to]);

        public Delegate GetterAt(Func<int> slot) => (ValueGetter<TValue>)((ref TValue destination) =>
            Getters.Copy(in _values[slot()], ref destination));
    }

    private static Pool<TValue> NewPool<TValue>(DataViewRow input, DataViewSchema.Column column, int size) =>
        new(input.GetGetter<TValue>(column), size);

    private sealed class Cursor : RootCursor
    {
        private readonly DataViewRowCursor _input;
        private readonly Random _rand;
        private readonly IPool[] _pools;
        private readonly Pool<DataViewRowId> _ids;
        private readonly int _poolSize;
        private int _filled;
        private int _drawn = -1;
        private bool _exhausted;

        public Cursor(ShuffledDataView view, DataViewRowCursor input, bool[] active, Random rand)
            : base(view.Schema, active)
        {
            _input = input;
            _rand = rand;
            _poolSize = view._poolSize;
            var pools = new List<IPool>();
            for (var i = 0; i < active.Length; i++)
            {
                if (!active[i])
                    continue;
                var pool = GenericCall.Invoke<IPool>(
                    typeof(ShuffledDataView), nameof(NewPool), null, view.Schema[i].Type.RawType,
                    input, view._source.Schema[view._sourceIndices[i]], _poolSize);
                pools.Add(pool);
                ColumnGetters[i] = pool.GetterAt(() => _drawn);
            }
            _ids = new Pool<DataViewRowId>(input.GetIdGetter(), _poolSize);
            pools.Add(_ids);
            _pools = [.. pools];
        }

        protected override long SourceIndex => Position;

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ValueGetter<DataViewRowId>)_ids.GetterAt(() => _drawn);

        protected override bool MoveNextCore()
        {
            if (_drawn >= 0)
                Refill(_drawn);
            else
                FillUp();
            if (_filled == 0)
                return false;
            _drawn = _rand.Next(_filled);
            return true;
        }

        private void FillUp()
        {
            while (_filled < _poolSize && ReadNext(_filled))
                _filled++;
        }

        /// <summary>
        /// Replaces the row that was drawn: by the source's next one, or, at its end, by the pool's last.
        /// </summary>
        private void Refill(int slot)
        {
            if (_filled == 0 || ReadNext(slot))
                return;
            _filled--;
            foreach (var pool in _pools)
                pool.Move(_filled, slot);
        }

        private bool ReadNext(int slot)
        {
            if (_exhausted || !_input.MoveNext())
            {
                _exhausted = true;
                return false;
            }
            foreach (var pool in _pools)
                pool.Read(slot);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                _input.Dispose();
            base.Dispose(disposing);
        }
    }
}
