using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Ensembling;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Averages the probabilities of several segmentors, with weights: the ensemble of the paper with equal ones.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume, 1 to 8 columns |
/// | Output column data type | ProbabilityVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class AverageProbabilitiesEstimator : StepEstimator
{
    private const string Name = "AverageProbabilities";

    internal AverageProbabilitiesEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, IReadOnlyList<double>? weights)
        : base(Step.Create(
            catalog,
            new(
                Name,
                (output, ProbabilityVolumeDataViewType.Instance),
                SeveralInputs.Columns(Name, inputs, ProbabilityVolumeDataViewType.Instance)),
            new AverageProbabilitiesMapping(),
            EnsembleWeights.Of(Name, weights, inputs.Count)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.AverageProbabilities")]
internal sealed class AverageProbabilitiesMapping
    : StepMapping<EnsembleWeights, ProbabilitiesInput, ProbabilityOutput>
{
    protected override Action<ProbabilitiesInput, ProbabilityOutput> Bind(EnsembleWeights options) =>
        (input, output) => output.Value = Ensemble.Average(input.First(options.Values.Length), options.Values);
}
