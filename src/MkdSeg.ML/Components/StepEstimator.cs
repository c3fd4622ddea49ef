using Microsoft.ML;

namespace MkdSeg.ML.Components;

/// <summary>What the estimators of this assembly have in common. Fitting looks at the data's columns only.</summary>
/// <typeparam name="TTransformer">The transformer that <see cref="Fit"/> gives.</typeparam>
public abstract class StepEstimator<TTransformer> : IEstimator<TTransformer>
    where TTransformer : StepTransformer
{
    private readonly IEstimator<ITransformer> _chain;
    private readonly StepSignature _signature;

    private protected StepEstimator(IEstimator<ITransformer> chain, StepSignature signature)
    {
        _chain = chain;
        _signature = signature;
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public TTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _signature.Check(input.Schema);
        return Create(_chain.Fit(input), _signature);
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _signature.Check(inputSchema);
        return _chain.GetOutputSchema(inputSchema);
    }

    private protected abstract TTransformer Create(ITransformer fitted, StepSignature of);
}
