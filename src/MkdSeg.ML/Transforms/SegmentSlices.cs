using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

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
/// A row fails with a <see cref="MkdSeg.Common.UserErrorException"/> where the network is no segmentor, the device is not
/// there, or the slices' width and height do not suit the network.
/// </remarks>
public sealed class SegmentSlicesEstimator : StepEstimator
{
    internal SegmentSlicesEstimator(
        TransformsCatalog catalog, string output, string input, byte[] model, Options options)
        : base(Step.Create(
            catalog,
            "SegmentSlices",
            (output, VolumeColumnTypes.Probabilities),
            [(input, VolumeColumnTypes.Volume)],
            new SegmentSlicesMapping(),
            options,
            model))
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
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentSlices")]
internal sealed class SegmentSlicesMapping()
    : ConfiguredMapping<SegmentSlicesEstimator.Options, ConfiguredInput<Volume<float>>, StepOutput<ProbabilityVolume>>(
        (options, files) =>
        {
            var segmentor = OnnxSegmentor.Shared(files[0], options.Inference);
            return (input, output) => output.Value = segmentor.Segment(input.Value, options.Flips);
        });
