using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Brings probabilities back onto the grid of the volume as it was read: they are interpolated within each slice before the
/// most probable class is taken. Outside the part that the network saw there is background.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume, and Volume as it was read |
/// | Output column data type | LabelMap |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class RestoreGeometryEstimator : StepEstimator
{
    internal RestoreGeometryEstimator(TransformsCatalog catalog, string output, string input, string original)
        : base(Step.Create(
            catalog,
            "RestoreGeometry",
            (output, VolumeColumnTypes.LabelMap),
            [(input, VolumeColumnTypes.Probabilities), (original, VolumeColumnTypes.Volume)],
            new RestoreGeometryMapping()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.RestoreGeometry")]
internal sealed class RestoreGeometryMapping()
    : StepMapping<StepInput<ProbabilityVolume, Volume<float>>, StepOutput<Volume<byte>>>(
        (input, output) => output.Value = MaskResampler.Resample(input.Value, input.Second.Grid));
