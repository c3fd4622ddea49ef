using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
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
/// | Input column data type | Volume, intensities in [-1, 1]; and Text where a network column is named |
/// | Output column data type | ProbabilityVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails with a <see cref="UserErrorException"/> where the network is no segmentor, the device is not there, or the
/// slices' width and height do not suit the network.
/// </remarks>
public sealed class SegmentSlicesEstimator : StepEstimator
{
    internal SegmentSlicesEstimator(
        TransformsCatalog catalog, string output, string input, byte[] model, Options options)
        : base(Step.WithNetworks(catalog, [model], names => Create(catalog, output, input, names[0], options)))
    {
    }

    internal SegmentSlicesEstimator(
        TransformsCatalog catalog, string output, string input, string network, Options options)
        : base(Create(catalog, output, input, network, options))
    {
    }

    /// <summary>How the network runs.</summary>
    public sealed record Options
    {
        /// <summary>Device, threads and batch size.</summary>
        public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

        /// <summary>The mirror images of each slice that are segmented as well; probabilities are averaged.</summary>
        public SliceFlips Flips { get; init; }
    }

    private static Step Create(
        TransformsCatalog catalog, string output, string input, string network, Options options) => Step.Create(
            catalog,
            new(
                "SegmentSlices",
                (output, ProbabilityVolumeDataViewType.Instance),
                (input, VolumeDataViewType.Instance),
                (network, TextDataViewType.Instance)),
            new SegmentSlicesMapping(),
            options);
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentSlices")]
internal sealed class SegmentSlicesMapping
    : StepMapping<SegmentSlicesEstimator.Options, VolumeAndTextInput, ProbabilityOutput>
{
    protected override Action<VolumeAndTextInput, ProbabilityOutput> Bind(SegmentSlicesEstimator.Options options)
    {
        var segmentor = new TextMemo<OnnxSegmentor>(text => OnnxSegmentorPool.Get(text, options.Inference));
        return (input, output) => output.Value = segmentor.Get(input.Text).Segment(input.Value, options.Flips);
    }
}
