using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Keeps the largest connected part of each structure; the voxels of its other parts become background. Voxels that share a
/// face are connected; of equal parts the first in memory stays.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | LabelMap |
/// | Output column data type | LabelMap, the same grid |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class KeepLargestComponentsEstimator : StepEstimator
{
    internal KeepLargestComponentsEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            "KeepLargestComponents",
            (output, VolumeColumnTypes.LabelMap),
            [(input, VolumeColumnTypes.LabelMap)],
            new KeepLargestComponentsMapping()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.KeepLargestComponents")]
internal sealed class KeepLargestComponentsMapping() : StepMapping<StepInput<Volume<byte>>, StepOutput<Volume<byte>>>(
    (input, output) => output.Value = ConnectedComponents.KeepLargestOfEachClass(input.Value));
