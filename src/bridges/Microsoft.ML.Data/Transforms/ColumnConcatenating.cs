using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms
{
    public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
    {
        private readonly ColumnConcatenatingTransformer _transformer;

        internal ColumnConcatenatingEstimator(string outputColumnName, string[] inputColumnNames) =>
            _transformer = new ColumnConcatenatingTransformer(outputColumnName, inputColumnNames);

        public ColumnConcatenatingTransformer Fit(IDataView input)
        {
            ArgumentNullException.ThrowIfNull(input);
            _transformer.GetOutputSchema(input.Schema);
            return _transformer;
        }

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            ArgumentNullException.ThrowIfNull(inputSchema);
            var columns = inputSchema.ToMap();
            foreach (var name in _transformer.InputColumnNames)
            {
                if (!columns.TryGetValue(name, out var column))
                    throw SchemaErrors.Missing(name);
                ColumnConcatenatingTransformer.CheckInput(
                    name, column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar);
            }
            var output = _transformer.Describe();
            columns[output.Name] = SchemaShape.ColumnOf(output.Name, output.Type, output.Annotations);
            return new SchemaShape(columns.Values);
        }
    }
}

namespace Microsoft.ML.Data
{
    /// <remarks>Scalar columns of 32-bit floats are all that is supported here.</remarks>
    public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
    {
        private const string SlotNames = "SlotNames";
        private readonly string _outputColumnName;

        internal ColumnConcatenatingTransformer(string outputColumnName, string[] inputColumnNames)
        {
            ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
            _outputColumnName = outputColumnName;
            InputColumnNames = inputColumnNames is { Length: > 0 } ? inputColumnNames : [outputColumnName];
        }

        internal string[] InputColumnNames { get; }

        internal static void CheckInput(string name, DataViewType itemType, bool isVector)
        {
            if (isVector || itemType is not NumberDataViewType || itemType.RawType != typeof(float))
            {
                throw new NotSupportedException(
                    $"{nameof(TransformExtensionsCatalog.Concatenate)}: column '{name}' must be a scalar of type Single; "
                    + $"found {(isVector ? "a vector of " : "")}{itemType}.");
            }
        }

        internal static ColumnConcatenatingTransformer Load(ModelLoadContext context) =>
            new(context.Values[0], context.Values[1..]);

        /// <summary>The output: a slot for each input, named after it.</summary>
        internal DataViewSchema.DetachedColumn Describe()
        {
            var annotations = new DataViewSchema.Annotations.Builder();
            annotations.Add(
                SlotNames,
                new VectorDataViewType(TextDataViewType.Instance, InputColumnNames.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) =>
                {
                    var editor = VBufferEditor.Create(ref value, InputColumnNames.Length);
                    for (var i = 0; i < InputColumnNames.Length; i++)
                        editor.Values[i] = InputColumnNames[i].AsMemory();
                    value = editor.Commit();
                });
            return new(
                _outputColumnName,
                new VectorDataViewType(NumberDataViewType.Single, InputColumnNames.Length),
                annotations.ToAnnotations());
        }

        private protected override void SaveModel(ModelSaveContext ctx) =>
            ctx.Describe(GetType().AssemblyQualifiedName, [_outputColumnName, .. InputColumnNames]);

        private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
        {
            var inputs = InputColumnNames
                .Select(name => schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(name)).ToArray();
            foreach (var column in inputs)
                CheckInput(column.Name, column.Type, column.Type is VectorDataViewType);
            return new Mapper(Describe(), inputs);
        }

        private sealed class Mapper(DataViewSchema.DetachedColumn output, DataViewSchema.Column[] inputs) : IRowMapper
        {
            public DataViewSchema.DetachedColumn[] OutputColumns => [output];

            public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs) =>
                activeOutputs[0] ? inputs : [];

            public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
            {
                disposer = null;
                if (!activeOutputs[0])
                    return [null];
                var getters = inputs.Select(input.GetGetter<float>).ToArray();
                return
                [
                    (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                    {
                        var editor = VBufferEditor.Create(ref value, getters.Length);
                        for (var i = 0; i < getters.Length; i++)
                            getters[i](ref editor.Values[i]);
                        value = editor.Commit();
                    }),
                ];
            }
        }
    }
}
