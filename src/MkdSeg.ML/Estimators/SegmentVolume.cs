using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.Ensembling;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Does all that comes between a prepared volume and masks on the grid of the volume as it was read: several segmentors,
/// their weighted mean, restoring the geometry. It gives what the single steps give one after the other, but batch by batch,
/// so that the probabilities of the whole volume are never held. <see cref="SelectMaskEstimator"/> and
/// <see cref="SelectDisagreementEstimator"/> take masks and the map out of its output.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, intensities in [-1, 1]; Volume, as it was read; and Text, 1 to 8 network columns |
/// | Output column data type | Segmentation |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails with a <see cref="UserErrorException"/> where a network is no segmentor, the networks know different classes,
/// the device is not there, or the slices' width and height do not suit a network.
/// </remarks>
public sealed class SegmentVolumeEstimator : StepEstimator
{
    private const string Name = "SegmentVolume";

    internal SegmentVolumeEstimator(
        TransformsCatalog catalog, string output, string input, IReadOnlyList<string> networks, Options options)
        : base(Step.Create(
            catalog,
            new(
                Name,
                (output, SegmentationDataViewType.Instance),
                [
                    (input, VolumeDataViewType.Instance),
                    (options.OriginalColumnName, VolumeDataViewType.Instance),
                    .. SeveralInputs.Columns(Name, networks, TextDataViewType.Instance),
                ]),
            new SegmentVolumeMapping(),
            new(options.Inference, options.Flips, EnsembleWeights.Of(Name, options.Weights, networks.Count))))
    {
    }

    /// <summary>How to segment.</summary>
    public sealed record Options
    {
        /// <summary>The column of volumes as they were read, onto whose grids the masks are restored.</summary>
        public string OriginalColumnName { get; init; } = "Volume";

        /// <summary>A weight for each network; null for equal ones.</summary>
        public IReadOnlyList<double>? Weights { get; init; }

        /// <summary>The mirror images of each slice that are segmented as well; probabilities are averaged.</summary>
        public SliceFlips Flips { get; init; }

        /// <summary>Device, threads and batch size.</summary>
        public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentVolume")]
internal sealed class SegmentVolumeMapping
    : StepMapping<SegmentVolumeMapping.Options, TwoVolumesAndNetworksInput, SegmentationOutput>
{
    protected override Action<TwoVolumesAndNetworksInput, SegmentationOutput> Bind(Options options)
    {
        var count = options.Weights.Values.Length;
        var segmentors = OnnxSegmentorPool.Memos(count, options.Inference);
        return (input, output) => output.Value = EnsembleSegmentor.Segment(
            [.. segmentors.Zip(input.First(count), (segmentor, network) => segmentor.Get(network))],
            options.Weights.Values,
            options.Flips,
            input.Volume,
            input.Original.Grid);
    }

    internal sealed record Options(InferenceOptions Inference, SliceFlips Flips, EnsembleWeights Weights);
}
