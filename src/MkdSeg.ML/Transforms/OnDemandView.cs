using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Rows passed through a mapper, each value computed on request. The views of ML.NET's own transformers instead run ahead in
/// their own threads, up to 64 rows per thread, which exceeds any memory when rows are volumes.
/// </summary>
internal sealed class OnDemandView(IDataView source, IRowToRowMapper mapper) : IDataView
{
    public bool CanShuffle => source.CanShuffle;
    public DataViewSchema Schema => mapper.OutputSchema;

    public long? GetRowCount() => source.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return new Cursor(source.GetRowCursor(mapper.GetDependencies(columns), rand), mapper, columns);
    }

    public DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor(
        DataViewRowCursor input, IRowToRowMapper mapper, IReadOnlyList<DataViewSchema.Column> columns) : DataViewRowCursor
    {
        private readonly DataViewRow _row = mapper.GetRow(input, columns);

        // Not taken from the row: a composed mapper also reports columns as active for which it has no getter.
        private readonly HashSet<int> _active = [.. columns.Select(column => column.Index)];

        public override long Position => input.Position;
        public override long Batch => input.Batch;
        public override DataViewSchema Schema => _row.Schema;

        public override bool MoveNext() => input.MoveNext();

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            _row.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                _row.Dispose();
                input.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
