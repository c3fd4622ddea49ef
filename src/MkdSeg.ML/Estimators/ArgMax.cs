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
public sealed class ArgMaxEstimator : StepEstimator<ArgMaxTransformer>
{
    internal ArgMaxEstimator(TransformsCatalog catalog, string output, string input)
        : this(
            catalog,
            new("ArgMax", [StepColumn.Input(input, ProbabilityVolumeDataViewType.Instance)],
                StepColumn.Output(output, ClassVolumeDataViewType.Instance)))
    {
    }

    private ArgMaxEstimator(TransformsCatalog catalog, StepSignature signature)
        : base(StepChain.Create(catalog, signature, new ArgMaxMapping(), new NoOptions()), signature)
    {
    }

    private protected override ArgMaxTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Takes the most probable classes, see <see cref="ArgMaxEstimator"/>.</summary>
public sealed class ArgMaxTransformer : StepTransformer
{
    internal ArgMaxTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.ArgMax")]
internal sealed class ArgMaxMapping : StepMapping<NoOptions, ProbabilityInput, ClassVolumeOutput>
{
    protected override Action<ProbabilityInput, ClassVolumeOutput> Bind(
        NoOptions options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = input.Value.ArgMax();
}
