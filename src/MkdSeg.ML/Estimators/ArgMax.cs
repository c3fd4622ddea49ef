using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Takes the most probable class of every voxel; the lower class index where two are equal.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ProbabilityVolume |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class ArgMaxEstimator : StepEstimator
{
    internal ArgMaxEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            new("ArgMax", (output, ClassVolumeDataViewType.Instance), (input, ProbabilityVolumeDataViewType.Instance)),
            new ArgMaxMapping(),
            new NoOptions()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.ArgMax")]
internal sealed class ArgMaxMapping : StepMapping<NoOptions, ProbabilityInput, ClassVolumeOutput>
{
    protected override Action<ProbabilityInput, ClassVolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = input.Value.ArgMax();
}
