using System.Text.RegularExpressions;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ExpressionEstimator : IEstimator<ExpressionTransformer>
{
    private readonly ExpressionTransformer _transformer;

    internal ExpressionEstimator(ExpressionTransformer transformer) => _transformer = transformer;

    public ExpressionTransformer Fit(IDataView input)
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
            ExpressionTransformer.CheckInput(
                name, column.ItemType, column.Kind != SchemaShape.Column.VectorKind.Scalar);
        }
        columns[_transformer.OutputColumnName] =
            SchemaShape.ColumnOf(_transformer.OutputColumnName, TextDataViewType.Instance, null);
        return new SchemaShape(columns.Values);
    }
}

/// <remarks>
/// Of the expression language, only lambdas that give a text constant, as `x : "text"`, are supported here.
/// </remarks>
public sealed partial class ExpressionTransformer : RowToRowTransformerBase
{
    private readonly string _expression;
    private readonly string _text;

    internal ExpressionTransformer(string outputColumnName, string expression, string[] inputColumnNames)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        ArgumentException.ThrowIfNullOrEmpty(expression);
        if (inputColumnNames is not { Length: > 0 })
            throw new ArgumentException("An expression needs at least one input column.", nameof(inputColumnNames));
        OutputColumnName = outputColumnName;
        InputColumnNames = inputColumnNames;
        _expression = expression;

        var match = TextConstant().Match(expression);
        if (!match.Success)
        {
            throw new NotSupportedException(
                $"{nameof(ExpressionCatalog.Expression)}: only a lambda that gives a text constant without escapes is "
                + $"supported, such as x : \"text\"; found {expression}");
        }
        var parameters = match.Groups["name"].Captures.Count;
        if (parameters != inputColumnNames.Length)
        {
            throw new ArgumentException(
                $"The expression has {parameters} parameters, {inputColumnNames.Length} input columns are given.",
                nameof(expression));
        }
        _text = match.Groups["text"].Value;
    }

    internal string OutputColumnName { get; }

    internal string[] InputColumnNames { get; }

    internal static void CheckInput(string name, DataViewType itemType, bool isVector)
    {
        if (isVector || itemType is not (TextDataViewType or NumberDataViewType or BooleanDataViewType))
        {
            throw new NotSupportedException(
                $"{nameof(ExpressionCatalog.Expression)}: input column '{name}' must be a text, number or truth value; "
                + $"found {(isVector ? "a vector of " : "")}{itemType}.");
        }
    }

    internal static ExpressionTransformer Load(ModelLoadContext context) =>
        new(context.Values[0], context.Values[1], context.Values[2..]);

    private protected override void SaveModel(ModelSaveContext ctx) =>
        ctx.Describe(GetType().AssemblyQualifiedName, [OutputColumnName, _expression, .. InputColumnNames]);

    private protected override IRowMapper MakeRowMapper(DataViewSchema schema)
    {
        var inputs = InputColumnNames
            .Select(name => schema.GetColumnOrNull(name) ?? throw SchemaErrors.Missing(name)).ToArray();
        foreach (var column in inputs)
            CheckInput(column.Name, column.Type, column.Type is VectorDataViewType);
        return new Mapper(OutputColumnName, _text, inputs);
    }

    [GeneratedRegex(
        """^\s*(?:(?<name>\w+)|\(\s*(?<name>\w+)(?:\s*,\s*(?<name>\w+))*\s*\))\s*:\s*"(?<text>[^"\\\r\n]*)"\s*$""")]
    private static partial Regex TextConstant();

    private sealed class Mapper(string outputColumnName, string text, DataViewSchema.Column[] inputs) : IRowMapper
    {
        public DataViewSchema.DetachedColumn[] OutputColumns => [new(outputColumnName, TextDataViewType.Instance)];

        public IEnumerable<DataViewSchema.Column> GetDependencies(bool[] activeOutputs) =>
            activeOutputs[0] ? inputs : [];

        public Delegate[] CreateGetters(DataViewRow input, bool[] activeOutputs, out Action disposer)
        {
            disposer = null;
            if (!activeOutputs[0])
                return [null];
            // The arguments are evaluated before the lambda, whatever it does with them.
            var arguments = inputs.Select(column => GenericCall.Invoke<Action>(
                typeof(Mapper), nameof(Evaluation), null, column.Type.RawType, input, column)).ToArray();
            return
            [
                (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
                {
                    foreach (var evaluate in arguments)
                        evaluate();
                    value = text.AsMemory();
                }),
            ];
        }

        private static Action Evaluation<TValue>(DataViewRow input, DataViewSchema.Column column)
        {
            var getter = input.GetGetter<TValue>(column);
            TValue value = default;
            return () => getter(ref value);
        }
    }
}
