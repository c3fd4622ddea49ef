using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Ensembling;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Says for every voxel how far several segmentors disagree: half the sum over the classes of how far two probabilities
/// differ, averaged over all pairs of segmentors. 0 where all agree, 1 where they are sure of different classes.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume, 2 to 8 columns |
/// | Output column data type | Volume, values in [0, 1] |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where the volumes have different sizes or classes.
/// </remarks>
public sealed class MapDisagreementEstimator : StepEstimator
{
    private const string Name = "MapDisagreement";

    internal MapDisagreementEstimator(TransformsCatalog catalog, string output, IReadOnlyList<string> inputs)
        : base(Step.Create(
            catalog,
            new(
                Name,
                (output, VolumeDataViewType.Instance),
                SeveralInputs.Columns(Name, inputs, ProbabilityVolumeDataViewType.Instance, fewest: 2)),
            new MapDisagreementMapping(),
            new MapDisagreementMapping.Options(inputs.Count)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.MapDisagreement")]
internal sealed class MapDisagreementMapping
    : StepMapping<MapDisagreementMapping.Options, ProbabilitiesInput, VolumeOutput>
{
    protected override Action<ProbabilitiesInput, VolumeOutput> Bind(Options options) =>
        (input, output) => output.Value = Agreement.Disagreement(input.First(options.InputCount));

    internal sealed record Options(int InputCount);
}
