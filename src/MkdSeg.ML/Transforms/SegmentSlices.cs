using Microsoft.ML.Transforms;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Transforms;

/// <summary>Options for running a segmentation network.</summary>
public sealed record SegmentSlicesOptions
{
    /// <summary>Device, threads and batch size.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    /// <summary>The mirror images of each slice that are segmented as well; probabilities are averaged.</summary>
    public SliceFlips Flips { get; init; }

    /// <summary>Neighbouring slices that the network sees as channels; see <see cref="PreprocessingOptions"/>.</summary>
    public int ContextSlices { get; init; } = 1;

    /// <summary>Distance between these slices, mm.</summary>
    public double ContextSpacingMm { get; init; } = 3;
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentSlices")]
internal sealed class SegmentSlicesMapping()
    : ConfiguredMapping<SegmentSlicesOptions, ConfiguredInput<Volume<float>>, StepOutput<ProbabilityVolume>>(
        (options, files) =>
        {
            var segmentor = OnnxSegmentor.Shared(
                files[0], options.Inference, context: new(options.ContextSlices, options.ContextSpacingMm));
            return (input, output) => output.Value = segmentor.Segment(input.Value, options.Flips);
        });
