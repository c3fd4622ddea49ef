using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Estimators;

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
/// | Input column data type | ClassVolume |
/// | Output column data type | ClassVolume, the same grid |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class KeepLargestComponentsEstimator : StepEstimator
{
    internal KeepLargestComponentsEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            new(
                "KeepLargestComponents",
                (output, ClassVolumeDataViewType.Instance),
                (input, ClassVolumeDataViewType.Instance)),
            new KeepLargestComponentsMapping(),
            new NoOptions()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.KeepLargestComponents")]
internal sealed class KeepLargestComponentsMapping : StepMapping<NoOptions, ClassVolumeInput, ClassVolumeOutput>
{
    protected override Action<ClassVolumeInput, ClassVolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = ConnectedComponents.KeepLargestOfEachClass(input.Value);
}
