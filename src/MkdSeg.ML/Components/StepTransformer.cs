using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.Common;

namespace MkdSeg.ML.Components;

/// <summary>
/// What every estimator of this assembly becomes when it is fitted: a chain of ML.NET's own transformers, so that it is
/// saved and loaded by <c>mlContext.Model</c>. Values are computed when a cursor asks for the output column.
/// </summary>
public sealed class StepTransformer : ITransformer
{
    private readonly ITransformer _chain;
    private readonly StepSignature _signature;

    internal StepTransformer(ITransformer chain, StepSignature signature)
    {
        _chain = chain;
        _signature = signature;
    }

    /// <inheritdoc/>
    public bool IsRowToRowMapper => true;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        _signature.Check(inputSchema);
        return _chain.GetOutputSchema(inputSchema);
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _signature.Check(input.Schema);
        return _chain.Transform(input);
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        _signature.Check(inputSchema);
        return _chain.GetRowToRowMapper(inputSchema);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => _chain.Save(ctx);
}
