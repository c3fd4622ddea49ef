using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Transforms;

/// <summary>Options for preparing volumes for networks.</summary>
public sealed record PrepareVolumeOptions
{
    /// <summary>Orientation, spacing, size, intensity window and crop rule.</summary>
    public PreprocessingOptions Preprocessing { get; init; } = new();

    /// <summary>For the crop rules Label and Located: the column of the heart's box.</summary>
    public string? BoxColumnName { get; init; }

    /// <summary>For the crop rule Whole: the number that width and height must be multiples of.</summary>
    public int SizeMultiple { get; init; } = 1;

    internal Step CreateStep(TransformsCatalog catalog, string output, string input)
    {
        const string name = "PrepareVolume";
        Preprocessing.Validate(name);
        var needsBox = Preprocessing.Crop is CropRule.Label or CropRule.Located;
        if (needsBox != BoxColumnName is not null)
        {
            throw new UserErrorException($"{name}: the crop rule {Preprocessing.Crop} "
                + (needsBox ? "needs a box column; name one created by LocateHeart." : "does not use a box."));
        }

        StepColumn made = (output, VolumeColumnTypes.Volume), volume = (input, VolumeColumnTypes.Volume);
        return BoxColumnName is { } box
            ? Step.Create(
                catalog, name, made, [volume, (box, VolumeColumnTypes.HeartBox)], new PrepareInBoxMapping(), this)
            : Step.Create(catalog, name, made, [volume], new PrepareVolumeMapping(), this);
    }
}

[CustomMappingFactoryAttribute("MkdSeg.PrepareVolume")]
internal sealed class PrepareVolumeMapping()
    : ConfiguredMapping<PrepareVolumeOptions, ConfiguredInput<Volume<float>>, StepOutput<Volume<float>>>(
        (options, _) => (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, null, options.SizeMultiple));

[CustomMappingFactoryAttribute("MkdSeg.PrepareLocatedVolume")]
internal sealed class PrepareInBoxMapping()
    : ConfiguredMapping<PrepareVolumeOptions, ConfiguredInput<Volume<float>, HeartBox>, StepOutput<Volume<float>>>(
        (options, _) => (input, output) => output.Value =
            Preprocessor.Prepare(input.Value, options.Preprocessing, input.Second, options.SizeMultiple));
