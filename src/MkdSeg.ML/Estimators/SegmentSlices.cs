using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Passes the slices of prepared volumes through an ONNX segmentation network, in batches; gives class probabilities on the
/// same grid. All cursors of a process share one session.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, intensities in [-1, 1] |
/// | Output column data type | ProbabilityVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class SegmentSlicesEstimator : StepEstimator<SegmentSlicesTransformer>
{
    internal SegmentSlicesEstimator(
        TransformsCatalog catalog, string output, string input, byte[] model, InferenceOptions options)
        : this(
            catalog,
            new("SegmentSlices", [StepColumn.Input(input, VolumeDataViewType.Instance)],
                StepColumn.Output(output, ProbabilityVolumeDataViewType.Instance)),
            model,
            options)
    {
    }

    private SegmentSlicesEstimator(
        TransformsCatalog catalog, StepSignature signature, byte[] model, InferenceOptions options)
        : base(StepChain.Create(catalog, signature, new SegmentSlicesMapping(), options, model), signature)
    {
    }

    private protected override SegmentSlicesTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Segments slices with an ONNX network, see <see cref="SegmentSlicesEstimator"/>.</summary>
public sealed class SegmentSlicesTransformer : StepTransformer
{
    internal SegmentSlicesTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentSlices")]
internal sealed class SegmentSlicesMapping : StepMapping<InferenceOptions, VolumeInput, ProbabilityOutput>
{
    protected override Action<VolumeInput, ProbabilityOutput> Bind(
        InferenceOptions options, IReadOnlyList<byte[]> payloads)
    {
        var segmentor = OnnxSegmentorPool.Get(payloads[0], options);
        return (input, output) => output.Value = segmentor.Segment(input.Value);
    }
}
