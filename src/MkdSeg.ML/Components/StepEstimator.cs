using Microsoft.ML;
using MkdSeg.Common;

namespace MkdSeg.ML.Components;

/// <summary>What the estimators of this assembly have in common. Fitting looks at the data's columns only.</summary>
public abstract class StepEstimator : IEstimator<StepTransformer>
{
    private readonly Step _step;

    private protected StepEstimator(Step step) => _step = step;

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public StepTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        _step.Signature.Check(input.Schema);
        return new(_step.Chain.Fit(input), _step.Signature);
    }

    /// <inheritdoc/>
    /// <exception cref="UserErrorException">An input column is missing or has another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        _step.Signature.Check(inputSchema);
        return _step.Chain.GetOutputSchema(inputSchema);
    }
}
