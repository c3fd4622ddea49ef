using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>
/// Finds where the heart lies in volumes of any extent, with a bundle's locator: one pass over the whole volume in large
/// voxels, and the box around the largest connected part of what it takes for heart.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and Text where a column of names is given |
/// | Output column data type | HeartBox |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where there is no heart in the volume.
/// </remarks>
public sealed class LocateHeartEstimator : StepEstimator
{
    private const string Name = "LocateHeart";

    internal LocateHeartEstimator(
        TransformsCatalog catalog, string output, string input, ModelBundle bundle, Options options)
        : base(Create(catalog, output, input, bundle, options))
    {
    }

    /// <summary>How the locator runs.</summary>
    public sealed record Options
    {
        /// <summary>A text column with what messages call the volume, such as its path; null for "the volume".</summary>
        public string? NameColumnName { get; init; }

        /// <summary>Device, threads and batch size.</summary>
        public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
    }

    private static Step Create(
        TransformsCatalog catalog, string output, string input, ModelBundle bundle, Options options)
    {
        if (bundle.FindNetwork(NetworkRoles.Locator) is not { } network)
        {
            throw new UserErrorException(
                $"{Name}: the bundle {bundle.Name} has no locator; train one, or prepare volumes with the crop rule Centre or "
                + "Whole.");
        }

        StepColumn[] inputs = [(input, VolumeColumnTypes.Volume)];
        if (options.NameColumnName is { } name)
            inputs = [.. inputs, (name, TextDataViewType.Instance)];
        var links = new Links(catalog)
            .Options(
                new LocateHeartMapping.Options(bundle.Locator!, network.SizeMultiple, inputs.Length > 1, options.Inference),
                bundle.ReadNetwork(network.Role))
            .CopyInputs(inputs);
        if (inputs.Length == 1)
            links.Copy(StepColumns.Second, StepColumns.Options);
        return new(Name, inputs, links.Map(new LocateHeartMapping()).Copy(output, StepColumns.Output));
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
