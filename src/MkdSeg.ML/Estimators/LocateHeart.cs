using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Finds where the heart lies in volumes of any extent: the segmentors pass over the whole volume at the networks' spacing,
/// and the box is drawn around the largest connected part of what they find.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and Text, 1 to 8 columns, where network columns are named |
/// | Output column data type | HeartBox |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LocateHeartEstimator : StepEstimator
{
    private const string Name = "LocateHeart";

    internal LocateHeartEstimator(
        TransformsCatalog catalog, string output, string input, IReadOnlyList<byte[]> models, Options options)
        : base(Step.WithNetworks(catalog, Checked(models), names => Create(catalog, output, input, names, options)))
    {
    }

    internal LocateHeartEstimator(
        TransformsCatalog catalog, string output, string input, IReadOnlyList<string> networks, Options options)
        : base(Create(catalog, output, input, networks, options))
    {
    }

    /// <summary>How to look for the heart.</summary>
    public sealed record Options
    {
        /// <summary>Orientation, spacing and intensity window of the networks' bundle; its crop rule does not matter.</summary>
        public PreprocessingOptions Preprocessing { get; init; } = new();

        /// <summary>What the networks' input width and height must be multiples of.</summary>
        public int SizeMultiple { get; init; } = 1;

        /// <summary>Where and how the networks run.</summary>
        public InferenceOptions Inference { get; init; } = InferenceOptions.Default;
    }

    private static IReadOnlyList<byte[]> Checked(IReadOnlyList<byte[]> models) => models.Count > 0
        ? models
        : throw new UserErrorException($"{Name}: no network was given; name at least one segmentor.");

    private static Step Create(
        TransformsCatalog catalog, string output, string input, IReadOnlyList<string> networks, Options options)
    {
        options.Preprocessing.Validate(Name);
        return Step.Create(
            catalog,
            new(
                Name,
                (output, HeartBoxDataViewType.Instance),
                [
                    (input, VolumeDataViewType.Instance),
                    .. SeveralInputs.Columns(Name, networks, TextDataViewType.Instance),
                ]),
            new LocateHeartMapping(),
            new(options, networks.Count));
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LocateHeart")]
internal sealed class LocateHeartMapping : StepMapping<LocateHeartMapping.Options, VolumeAndNetworksInput, BoxOutput>
{
    protected override Action<VolumeAndNetworksInput, BoxOutput> Bind(Options options)
    {
        var (how, count) = options;
        var segmentors = OnnxSegmentorPool.Memos(count, how.Inference);
        return (input, output) =>
        {
            var locator = new HeartLocator(
                [.. segmentors.Zip(input.First(count), (segmentor, network) => segmentor.Get(network))],
                how.Preprocessing,
                how.SizeMultiple);
            output.Value = locator.Locate(input.Volume);
        };
    }

    internal sealed record Options(LocateHeartEstimator.Options How, int NetworkCount);
}
