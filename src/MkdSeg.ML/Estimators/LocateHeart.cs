using Microsoft.ML;
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
/// | Input column data type | Volume |
/// | Output column data type | HeartBox |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LocateHeartEstimator : StepEstimator<LocateHeartTransformer>
{
    internal LocateHeartEstimator(
        TransformsCatalog catalog, string output, string input, IReadOnlyList<byte[]> models, Options options)
        : this(
            catalog,
            new("LocateHeart", [StepColumn.Input(input, VolumeDataViewType.Instance)],
                StepColumn.Output(output, HeartBoxDataViewType.Instance)),
            models,
            options)
    {
    }

    private LocateHeartEstimator(
        TransformsCatalog catalog, StepSignature signature, IReadOnlyList<byte[]> models, Options options)
        : base(StepChain.Create(catalog, signature, new LocateHeartMapping(), options, models), signature)
    {
        if (models.Count == 0)
            throw new UserErrorException("LocateHeart: no network was given; name at least one segmentor.");
        options.Preprocessing.Validate("LocateHeart");
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

    private protected override LocateHeartTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);
}

/// <summary>Finds where the heart lies, see <see cref="LocateHeartEstimator"/>.</summary>
public sealed class LocateHeartTransformer : StepTransformer
{
    internal LocateHeartTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LocateHeart")]
internal sealed class LocateHeartMapping : StepMapping<LocateHeartEstimator.Options, VolumeInput, BoxOutput>
{
    protected override Action<VolumeInput, BoxOutput> Bind(
        LocateHeartEstimator.Options options, IReadOnlyList<byte[]> payloads)
    {
        var locator = new HeartLocator(
            [.. payloads.Select(model => OnnxSegmentorPool.Get(model, options.Inference))],
            options.Preprocessing,
            options.SizeMultiple);
        return (input, output) => output.Value = locator.Locate(input.Value);
    }
}
