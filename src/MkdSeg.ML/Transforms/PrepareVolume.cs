using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Does all that comes before a network: orient, crop, resample in the slices' planes, normalise intensities. The whole
/// volume is never copied in between.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and HeartBox for the crop rules Label and Located |
/// | Output column data type | Volume, values in [-1, 1] |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class PrepareVolumeEstimator : StepEstimator
{
    internal PrepareVolumeEstimator(TransformsCatalog catalog, string output, string input, Options options)
        : base(Create(catalog, output, input, Checked(options)))
    {
    }

    /// <summary>How to prepare.</summary>
    public sealed record Options
    {
        /// <summary>Orientation, spacing, size, intensity window and crop rule.</summary>
        public PreprocessingOptions Preprocessing { get; init; } = new();

        /// <summary>For the crop rules Label and Located: the column that says where the heart lies.</summary>
        public string? BoxColumnName { get; init; }

        /// <summary>For the crop rule Whole: what width and height must be multiples of.</summary>
        public int SizeMultiple { get; init; } = 1;
    }

    private static Options Checked(Options options)
    {
        options.Preprocessing.Validate("PrepareVolume");
        var needsBox = options.Preprocessing.Crop is CropRule.Label or CropRule.Located;
        if (needsBox != options.BoxColumnName is not null)
        {
            throw new UserErrorException(
                $"PrepareVolume: the crop rule {options.Preprocessing.Crop} "
                + (needsBox ? "needs a box column; name one that LocateHeart makes." : "takes no box."));
        }

        return options;
    }

    private static Step Create(TransformsCatalog catalog, string output, string input, Options options)
    {
        const string name = "PrepareVolume";
        StepColumn made = (output, VolumeColumnTypes.Volume), volume = (input, VolumeColumnTypes.Volume);
        return options.BoxColumnName is { } box
            ? Step.Create(
                catalog, name, made, [volume, (box, VolumeColumnTypes.HeartBox)], new PrepareLocatedVolumeMapping(), options)
            : Step.Create(catalog, name, made, [volume], new PrepareVolumeMapping(), options);
    }
}

[CustomMappingFactoryAttribute("MkdSeg.PrepareVolume")]
internal sealed class PrepareVolumeMapping()
    : ConfiguredMapping<PrepareVolumeEstimator.Options, ConfiguredInput<Volume<float>>, StepOutput<Volume<float>>>(
        (options, _) => (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, null, options.SizeMultiple));

[CustomMappingFactoryAttribute("MkdSeg.PrepareLocatedVolume")]
internal sealed class PrepareLocatedVolumeMapping()
    : ConfiguredMapping<PrepareVolumeEstimator.Options, ConfiguredInput<Volume<float>, HeartBox>, StepOutput<Volume<float>>>(
        (options, _) => (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, input.Second, options.SizeMultiple));
