using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Bundles;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Transforms;

/// <summary>Options for running the locator.</summary>
public sealed record LocateHeartOptions
{
    /// <summary>The text column with the volume's name in messages, such as its path; null for "the volume".</summary>
    public string? NameColumnName { get; init; }

    /// <summary>Device, threads and batch size.</summary>
    public InferenceOptions Inference { get; init; } = InferenceOptions.Default;

    internal Step CreateStep(TransformsCatalog catalog, string output, string input, ModelBundle bundle)
    {
        if (bundle.FindNetwork(NetworkRoles.Locator) is not { } network)
        {
            throw new UserErrorException(
                $"LocateHeart: the bundle {bundle.Name} has no locator; train one, or prepare volumes with the crop "
                + "rule Centre or Whole.");
        }

        StepColumn[] inputs = [(input, VolumeColumnTypes.Volume)];
        if (NameColumnName is { } name)
            inputs = [.. inputs, (name, TextDataViewType.Instance)];
        var links = new Links(catalog)
            .Options(
                new LocateHeartMapping.Options(bundle.Locator!, network.SizeMultiple, inputs.Length > 1, Inference),
                bundle.ReadNetwork(network.Role))
            .CopyInputs(inputs);
        if (inputs.Length == 1)
            links.Copy(StepColumns.Second, StepColumns.Options);
        return new("LocateHeart", inputs, links.Map(new LocateHeartMapping()).Copy(output, StepColumns.Output));
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LocateHeart")]
internal sealed class LocateHeartMapping() : ConfiguredMapping<
    LocateHeartMapping.Options, ConfiguredInput<Volume<float>, ReadOnlyMemory<char>>, StepOutput<HeartBox>>((options, files) =>
    {
        var locator = new HeartLocator(
            OnnxSegmentor.Shared(files[0], options.Inference, NetworkRoles.Locator), options.Settings, options.SizeMultiple);
        return (input, output) => output.Value = locator.Locate(
            input.Value, options.HasName ? input.Second.ToString() : HeartSegmenter.NoName);
    })
{
    internal sealed record Options(
        LocatorSettings Settings, int SizeMultiple, bool HasName, InferenceOptions Inference);
}
