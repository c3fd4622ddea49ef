using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.ML.Inference;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Finds where the heart lies in volumes of any extent. A locator passes over the whole volume in large voxels, or where
/// there is none the segmentors do at their own spacing; the box is drawn around the largest connected part of what they
/// find.
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
        /// <summary>
        /// The settings of a locator, which then is the only network; null where the networks are segmentors.
        /// </summary>
        public LocatorSettings? Locator { get; init; }

        /// <summary>
        /// For segmentors: orientation, spacing and intensity window of their bundle; its crop rule does not matter.
        /// </summary>
        public PreprocessingOptions Preprocessing { get; init; } = new();

        /// <summary>What the networks' input width and height must be multiples of.</summary>
        public int SizeMultiple { get; init; } = 1;

        /// <summary>
        /// A text column with what messages call the volume, such as its path; null for none. Takes the place of a network.
        /// </summary>
        public string? NameColumnName { get; init; }

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
        options.Locator?.Validate(Name);
        if (options.Locator is not null && networks.Count != 1)
        {
            throw new UserErrorException(
                $"{Name}: a locator is one network, and {networks.Count} were given; leave out its settings to locate the heart "
                + "with segmentors.");
        }

        string[] texts = options.NameColumnName is { } name ? [.. networks, name] : [.. networks];
        return Step.Create(
            catalog,
            new(
                Name,
                (output, HeartBoxDataViewType.Instance),
                [
                    (input, VolumeDataViewType.Instance),
                    .. SeveralInputs.Columns(Name, texts, TextDataViewType.Instance),
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
            var texts = input.First(how.NameColumnName is null ? count : count + 1);
            OnnxSegmentor[] networks = [.. segmentors.Zip(texts, (segmentor, text) => segmentor.Get(text))];
            output.Value = how.Locator is { } settings
                ? new TrainedLocator(networks[0], settings, how.SizeMultiple).Locate(input.Volume, NameIn(texts))
                : new HeartLocator(networks, how.Preprocessing, how.SizeMultiple).Locate(input.Volume);
        };

        string NameIn(ReadOnlyMemory<char>[] texts) => how.NameColumnName is null ? "the volume" : texts[^1].ToString();
    }

    internal sealed record Options(LocateHeartEstimator.Options How, int NetworkCount);
}
