using Microsoft.ML;
using Microsoft.ML.Data;
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
public sealed class RestoreGeometryEstimator : StepEstimator
{
    internal RestoreGeometryEstimator(
        TransformsCatalog catalog, string output, string input, string original, bool fromProbabilities)
        : base(Create(
            catalog, (output, ClassVolumeDataViewType.Instance), input, (original, VolumeDataViewType.Instance),
            fromProbabilities))
    {
    }

    private static Step Create(
        TransformsCatalog catalog,
        (string, DataViewType) output,
        string input,
        (string, DataViewType) original,
        bool fromProbabilities)
    {
        const string name = "RestoreGeometry";
        return fromProbabilities
            ? Step.Create(
                catalog,
                new(name, output, (input, ProbabilityVolumeDataViewType.Instance), original),
                new RestoreProbabilitiesMapping(),
                new NoOptions())
            : Step.Create(
                catalog,
                new(name, output, (input, ClassVolumeDataViewType.Instance), original),
                new RestoreClassesMapping(),
                new NoOptions());
    }
}

[CustomMappingFactoryAttribute("MkdSeg.RestoreProbabilities")]
internal sealed class RestoreProbabilitiesMapping
    : StepMapping<NoOptions, ProbabilityAndVolumeInput, ClassVolumeOutput>
{
    protected override Action<ProbabilityAndVolumeInput, ClassVolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = MaskResampler.Resample(input.Value, input.Original.Grid);
}

[CustomMappingFactoryAttribute("MkdSeg.RestoreClasses")]
internal sealed class RestoreClassesMapping : StepMapping<NoOptions, ClassVolumeAndVolumeInput, ClassVolumeOutput>
{
    protected override Action<ClassVolumeAndVolumeInput, ClassVolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = MaskResampler.Resample(input.Value, input.Original.Grid);
}
