using Microsoft.ML;
using Microsoft.ML.Data;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// The estimators of this assembly, created by <see cref="VolumeTransformsCatalog"/>. Fitting inspects only the data's
/// columns. They cannot be exported to ONNX.
/// </summary>
public sealed class StepEstimator : IEstimator<StepTransformer>
{
    private readonly Step _step;

    internal StepEstimator(Step step) => _step = step;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public StepTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _step.Check(input.Schema);
        return new(_step, _step.Chain.Fit(input));
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _step.Check(inputSchema);
        return _step.Chain.GetOutputSchema(inputSchema);
    }
}

/// <summary>
/// The fitted form of every estimator of this assembly: a chain of ML.NET's own transformers, so that
/// <c>mlContext.Model</c> can save and load it. Its views compute a value when a cursor requests it, one row at a time.
/// </summary>
public sealed class StepTransformer : ITransformer
{
    private readonly Step _step;

    internal StepTransformer(Step step, ITransformer chain) => (_step, Chain) = (step, chain);

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    internal ITransformer Chain { get; }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _step.Check(inputSchema);
        return Chain.GetOutputSchema(inputSchema);
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new OnDemandView(input, GetRowToRowMapper(input.Schema));
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _step.Check(inputSchema);
        return Chain.GetRowToRowMapper(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => Chain.Save(ctx);
}
