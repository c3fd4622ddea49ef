using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Ensembling;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Averages the probabilities of several segmentors, with weights: the ensemble of the paper with equal ones.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume, one column or more |
/// | Output column data type | ProbabilityVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class AverageProbabilitiesEstimator : StepEstimator
{
    private const string Name = "AverageProbabilities";

    internal AverageProbabilitiesEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, IReadOnlyList<double>? weights)
        : base(new Step(
            Name,
            [.. inputs.Select(input => (StepColumn)(input, VolumeColumnTypes.Probabilities))],
            new Links(catalog)
                .Options(EnsembleWeights.Of(Name, weights, inputs.Count))
                .Gather(inputs, areProbabilities: true)
                .Map(new AverageProbabilitiesMapping())
                .Copy(output, StepColumns.Output)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.AverageProbabilities")]
internal sealed class AverageProbabilitiesMapping()
    : ConfiguredMapping<EnsembleWeights, GatheredInput<ProbabilityVolume>, StepOutput<ProbabilityVolume>>(
        (weights, _) => (input, output) => output.Value = Ensemble.Average(input.Items.Items, weights.Values));
