using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Brings what was found back into the grid of the volume as it was read: same size, spacing, origin and directions.
/// Probabilities are interpolated before the most probable class is taken; class volumes are sampled by the nearest pixel.
/// Outside the part that the network saw there is background.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume or ClassVolume, and Volume |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class RestoreGeometryEstimator : StepEstimator<RestoreGeometryTransformer>
{
    internal RestoreGeometryEstimator(
        TransformsCatalog catalog, string output, string input, string original, bool fromProbabilities)
        : this(
            catalog,
            new(
                "RestoreGeometry",
                [
                    StepColumn.Input(
                        input,
                        fromProbabilities ? ProbabilityVolumeDataViewType.Instance : ClassVolumeDataViewType.Instance),
                    StepColumn.Input(original, VolumeDataViewType.Instance, StepColumnNames.SecondInput),
                ],
                StepColumn.Output(output, ClassVolumeDataViewType.Instance)),
            fromProbabilities)
    {
    }

    private RestoreGeometryEstimator(TransformsCatalog catalog, StepSignature signature, bool fromProbabilities)
        : base(
            fromProbabilities
                ? StepChain.Create(catalog, signature, new RestoreProbabilitiesMapping(), new NoOptions())
                : StepChain.Create(catalog, signature, new RestoreClassesMapping(), new NoOptions()),
            signature)
    {
    }

    private protected override RestoreGeometryTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Brings masks back into the grid of the volume as it was read, see <see cref="RestoreGeometryEstimator"/>.</summary>
public sealed class RestoreGeometryTransformer : StepTransformer
{
    internal RestoreGeometryTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.RestoreProbabilities")]
internal sealed class RestoreProbabilitiesMapping
    : StepMapping<NoOptions, ProbabilityAndVolumeInput, ClassVolumeOutput>
{
    protected override Action<ProbabilityAndVolumeInput, ClassVolumeOutput> Bind(
        NoOptions options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = MaskRestorer.Restore(input.Value, input.Original.Grid);
}

[CustomMappingFactoryAttribute("MkdSeg.RestoreClasses")]
internal sealed class RestoreClassesMapping : StepMapping<NoOptions, ClassVolumeAndVolumeInput, ClassVolumeOutput>
{
    protected override Action<ClassVolumeAndVolumeInput, ClassVolumeOutput> Bind(
        NoOptions options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = MaskRestorer.Restore(input.Value, input.Original.Grid);
}
