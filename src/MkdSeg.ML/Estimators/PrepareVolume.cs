using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Does all that comes before a network at once: orient, crop, resample in the slices' planes, normalise. It gives what
/// the single steps give one after the other, without a copy of the whole volume for each.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and for the crop rules Label and Located HeartBox |
/// | Output column data type | Volume |
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
                + (needsBox ? "needs a box column; name one that LocateHeart or LocateLabels makes." : "takes no box."));
        }

        return options;
    }

    private static Step Create(TransformsCatalog catalog, string output, string input, Options options)
    {
        var (made, volume) = ((output, VolumeDataViewType.Instance), (input, VolumeDataViewType.Instance));
        return options.BoxColumnName is { } box
            ? Step.Create(
                catalog,
                new("PrepareVolume", made, volume, (box, HeartBoxDataViewType.Instance)),
                new PrepareLocatedVolumeMapping(),
                options)
            : Step.Create(catalog, new("PrepareVolume", made, volume), new PrepareVolumeMapping(), options);
    }
}

[CustomMappingFactoryAttribute("MkdSeg.PrepareVolume")]
internal sealed class PrepareVolumeMapping : StepMapping<PrepareVolumeEstimator.Options, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(PrepareVolumeEstimator.Options options) =>
        (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, null, options.SizeMultiple).Input;
}

[CustomMappingFactoryAttribute("MkdSeg.PrepareLocatedVolume")]
internal sealed class PrepareLocatedVolumeMapping
    : StepMapping<PrepareVolumeEstimator.Options, VolumeAndBoxInput, VolumeOutput>
{
    protected override Action<VolumeAndBoxInput, VolumeOutput> Bind(PrepareVolumeEstimator.Options options) =>
        (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, input.Box, options.SizeMultiple).Input;
}
