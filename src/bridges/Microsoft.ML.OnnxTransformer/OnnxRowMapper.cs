using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Runs the session once per row, for the outputs that are asked for.</summary>
internal sealed class OnnxRowMapper : IRowMapper
{
    private readonly OnnxTransformer _parent;
    private readonly DataViewSchema.Column[] _columns;

    public OnnxRowMapper(OnnxTransformer parent, DataViewSchema schema)
    {
        _parent = parent;
        _columns = parent.Inputs
            .Select(name => schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(name)).ToArray();
        foreach (var column in _columns)
            Check(column, parent.Model.Input(column.Name));
    }

    public DataViewSchema.DetachedColumn[] OutputColumns => _parent.Outputs
        .Select(name => new DataViewSchema.DetachedColumn(name, _parent.Model.Output(name).ColumnType)).ToArray();

    public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs) =>
        activeOutputs.Contains(true) ? _columns : [];

    public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
    {
        var names = _parent.Outputs.Where((_, i) => activeOutputs[i]).ToArray();
        if (names.Length == 0)
        {
            disposer = null;
            return new Delegate[activeOutputs.Length];
        }
        var run = new RowRun(input, _parent.Model.Session, names, _columns.Select(column =>
            GenericCall.Invoke<Func<NamedOnnxValue>>(
                typeof(OnnxRowMapper), nameof(Reader), this, ItemTypeOf(column).RawType, input, column)).ToArray());
        disposer = run.Dispose;
        return _parent.Outputs.Select((name, i) => activeOutputs[i]
            ? GenericCall.Invoke<Delegate>(
                typeof(OnnxRowMapper), nameof(Getter), null, _parent.Model.Output(name).ItemType.RawType,
                run, _parent.Model.Output(name))
            : null).ToArray();
    }

    private static void Check(DataViewSchema.Column column, OnnxVariable variable)
    {
        var vector = column.Type as VectorDataViewType;
        if (vector is { IsKnownSize: false })
            throw new InvalidOperationException("Variable length input columns not supported");
        if (!variable.ItemType.Equals(ItemTypeOf(column)))
            throw SchemaErrors.Mismatch(column.Name, variable.ItemType.ToString(), column.Type.ToString());
        variable.ShapeFor(vector?.Size ?? 1);
    }

    private static PrimitiveDataViewType ItemTypeOf(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType vector ? vector.ItemType : column.Type as PrimitiveDataViewType;

    private Func<NamedOnnxValue> Reader<TItem>(DataViewRow input, DataViewSchema.Column column)
    {
        var variable = _parent.Model.Input(column.Name);
        var shape = variable.ShapeFor((column.Type as VectorDataViewType)?.Size ?? 1);
        if (column.Type is not VectorDataViewType)
        {
            var scalar = input.GetGetter<TItem>(column);
            return () =>
            {
                TItem item = default;
                scalar(ref item);
                return Tensor(variable.Name, new[] { item }, shape);
            };
        }
        var vector = input.GetGetter<VBuffer<TItem>>(column);
        var buffer = default(VBuffer<TItem>);
        return () =>
        {
            vector(ref buffer);
            var items = new TItem[buffer.Length];
            buffer.CopyTo(items);
            return Tensor(variable.Name, items, variable.ShapeFor(items.Length));
        };
    }

    private static NamedOnnxValue Tensor<TItem>(string name, TItem[] items, int[] shape) =>
        items is ReadOnlyMemory<char>[] texts
            ? NamedOnnxValue.CreateFromTensor(
                name, new DenseTensor<string>(Array.ConvertAll(texts, text => text.ToString()), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<TItem>(items, shape));

    private static Delegate Getter<TItem>(RowRun run, OnnxVariable variable)
    {
        if (typeof(TItem) == typeof(ReadOnlyMemory<char>))
        {
            throw new NotSupportedException(
                $"{nameof(OnnxCatalog.ApplyOnnxModel)}: output '{variable.Name}' holds text; "
                + "numbers and truth values are supported.");
        }
        if (variable.ColumnType is not VectorDataViewType)
        {
            return (ValueGetter<TItem>)((ref TItem item) =>
                item = run.Output(variable.Name).AsTensor<TItem>().GetValue(0));
        }
        return (ValueGetter<VBuffer<TItem>>)((ref VBuffer<TItem> buffer) =>
        {
            var tensor = (DenseTensor<TItem>)run.Output(variable.Name).AsTensor<TItem>();
            var editor = VBufferEditor.Create(ref buffer, (int)tensor.Length);
            tensor.Buffer.Span.CopyTo(editor.Values);
            buffer = editor.Commit();
        });
    }

    /// <summary>The outputs of the row that the cursor stands on; computed by the first getter asked.</summary>
    private sealed class RowRun(
        DataViewRow input, InferenceSession session, string[] outputNames, Func<NamedOnnxValue>[] readers) : IDisposable
    {
        private IDisposableReadOnlyCollection<DisposableNamedOnnxValue> _outputs;
        private long _position = -1;

        public DisposableNamedOnnxValue Output(string name)
        {
            if (_position != input.Position)
            {
                Dispose();
                _outputs = session.Run(readers.Select(read => read()).ToArray(), outputNames);
                _position = input.Position;
            }
            return _outputs.First(output => output.Name == name);
        }

        public void Dispose()
        {
            _outputs?.Dispose();
            _outputs = null;
        }
    }
}
