using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Bundles;
using MkdSeg.Ensembling;
using MkdSeg.ML.Catalog;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Transforms;

/// <summary>A <see cref="HeartSegmenter"/> as an estimator; further links extract the requested parts.</summary>
internal static class SegmentHeart
{
    public static StepEstimator CreateEstimator(
        TransformsCatalog catalog, ModelBundle bundle, SegmentationOptions options)
    {
        NetworkFile[] segmentors = HeartSegmenter.SegmentorsOf(bundle);
        // Invalid ensemble weights fail here rather than at the first row.
        _ = EnsembleWeights.Of(bundle.Name, options.Weights, segmentors.Length);
        var crop = HeartSegmenter.EffectiveCrop(bundle, options);
        var networks = segmentors.ToList();
        if (crop == CropRule.Located && bundle.FindNetwork(NetworkRoles.Locator) is { } locator)
            networks.Add(locator);
        var slim = bundle with { Networks = networks, Training = null, Metrics = [] };

        var links = new Links(catalog).Options(
            new SegmentHeartMapping.Options(slim, options, options.MessageColumnName is not null),
            [.. networks.Select(network => bundle.ReadNetwork(network.Role))]);
        var inputs = new List<StepColumn> { (options.VolumeColumnName, VolumeColumnTypes.Volume) };
        links.Copy(StepColumns.Input, options.VolumeColumnName)
            .Copy(StepColumns.Second, options.MessageColumnName ?? StepColumns.Options);
        if (options.MessageColumnName is { } message)
            inputs.Add((message, TextDataViewType.Instance));
        if (crop == CropRule.Label)
        {
            inputs.Add((options.LabelColumnName, VolumeColumnTypes.LabelMap));
            links.Copy(StepColumns.Third, options.LabelColumnName).Map(new SegmentAnnotatedHeartMapping());
        }
        else
        {
            links.Map(new SegmentHeartMapping());
        }

        AddParts(links, [.. segmentors.Select(segmentor => segmentor.Role)], crop, options);
        links.Measure(SegmentationColumns.VolumesMl, bundle.LabelSet, new FoundVolumesMapping());
        if (segmentors.Length > 1)
            links.Measure(SegmentationColumns.Agreement, bundle.LabelSet, new FoundAgreementMapping());
        return new(new Step("The segmentation", inputs, links));
    }

    private static void AddParts(Links links, string[] roles, CropRule crop, SegmentationOptions options)
    {
        if (crop is CropRule.Label or CropRule.Located)
            links.Map(new HeartBoxMapping());
        links.Map(new PreparedMapping()).Map(new MaskMapping());
        if (options.LargestComponentsOnly || options.FillHolesUpToMl > 0)
            links.Map(new RawMaskMapping());
        if (options.KeepProbabilities)
            links.Map(new ProbabilitiesMapping());
        if (roles.Length > 1)
            links.Map(new DisagreementMapping());
        for (var i = 0; i < roles.Length; i++)
        {
            links.Options(i).Map(new SegmentorMaskMapping())
                .Copy(SegmentationColumns.MaskOf(roles[i]), StepColumns.Output);
            if (options.KeepProbabilities)
            {
                links.Map(new SegmentorProbabilitiesMapping())
                    .Copy(SegmentationColumns.ProbabilitiesOf(roles[i]), StepColumns.Output);
            }
        }
    }
}

internal sealed class SegmentationOutput
{
    [ColumnName(StepColumns.Segmentation)]
    public HeartSegmentation Segmentation { get; set; } = null!;
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentHeart")]
internal sealed class SegmentHeartMapping() : ConfiguredMapping<
    SegmentHeartMapping.Options, ConfiguredInput<Volume<float>, ReadOnlyMemory<char>>, SegmentationOutput>(
    (options, files) =>
    {
        var segmenter = options.Segmenter(files);
        return (input, output) =>
            output.Segmentation = segmenter.Begin(input.Value, options.NameOf(input.Second), null);
    })
{
    internal sealed record Options(ModelBundle Bundle, HeartSegmenterOptions How, bool HasName)
    {
        public HeartSegmenter Segmenter(IReadOnlyList<byte[]> files)
        {
            var networks = Bundle.Networks.Zip(files).ToDictionary(pair => pair.First.Role, pair => pair.Second);
            return new(Bundle, How, role => networks[role]);
        }

        public string NameOf(ReadOnlyMemory<char> text) => HasName ? text.ToString() : HeartSegmenter.NoName;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentAnnotatedHeart")]
internal sealed class SegmentAnnotatedHeartMapping() : ConfiguredMapping<
    SegmentHeartMapping.Options, ConfiguredInput<Volume<float>, ReadOnlyMemory<char>, Volume<byte>>, SegmentationOutput>(
    (options, files) =>
    {
        var segmenter = options.Segmenter(files);
        return (input, output) =>
            output.Segmentation = segmenter.Begin(input.Value, options.NameOf(input.Second), input.Third);
    });

internal class PartInput : StepInput
{
    [ColumnName(StepColumns.Segmentation)]
    public HeartSegmentation Segmentation { get; set; } = null!;
}

internal sealed class ConfiguredPartInput : PartInput, IConfigured
{
    [ColumnName(StepColumns.Options)]
    public ReadOnlyMemory<char> Options { get; set; }
}

// Parts of a segmentation; the property name is the column name.

[CustomMappingFactoryAttribute("MkdSeg.HeartBox")]
internal sealed class HeartBoxMapping() : StepMapping<PartInput, HeartBoxMapping.Part>(
    (input, output) => output.HeartBox = input.Segmentation.Box!)
{
    internal sealed class Part
    {
        public HeartBox HeartBox { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.Prepared")]
internal sealed class PreparedMapping() : StepMapping<PartInput, PreparedMapping.Part>(
    (input, output) => output.Prepared = input.Segmentation.Prepared)
{
    internal sealed class Part
    {
        public Volume<float> Prepared { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.Mask")]
internal sealed class MaskMapping() : StepMapping<PartInput, MaskMapping.Part>(
    (input, output) => output.Mask = input.Segmentation.Mask)
{
    internal sealed class Part
    {
        public Volume<byte> Mask { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.RawMask")]
internal sealed class RawMaskMapping() : StepMapping<PartInput, RawMaskMapping.Part>(
    (input, output) => output.RawMask = input.Segmentation.RawMask)
{
    internal sealed class Part
    {
        public Volume<byte> RawMask { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.Disagreement")]
internal sealed class DisagreementMapping() : StepMapping<PartInput, DisagreementMapping.Part>(
    (input, output) => output.Disagreement = input.Segmentation.Disagreement)
{
    internal sealed class Part
    {
        public Volume<float> Disagreement { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.Probabilities")]
internal sealed class ProbabilitiesMapping() : StepMapping<PartInput, ProbabilitiesMapping.Part>(
    (input, output) => output.Probabilities = input.Segmentation.Probabilities!)
{
    internal sealed class Part
    {
        public ProbabilityVolume Probabilities { get; set; } = null!;
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SegmentorMask")]
internal sealed class SegmentorMaskMapping() : ConfiguredMapping<int, ConfiguredPartInput, StepOutput<Volume<byte>>>(
    (index, _) => (input, output) => output.Value = input.Segmentation.SegmentorMask(index));

[CustomMappingFactoryAttribute("MkdSeg.SegmentorProbabilities")]
internal sealed class SegmentorProbabilitiesMapping()
    : ConfiguredMapping<int, ConfiguredPartInput, StepOutput<ProbabilityVolume>>(
        (index, _) => (input, output) => output.Value = input.Segmentation.SegmentorProbabilities[index]);

[CustomMappingFactoryAttribute("MkdSeg.FoundVolumes")]
internal sealed class FoundVolumesMapping() : ConfiguredMapping<MeasureOptions, ConfiguredPartInput, ScalarsOutput>(
    (options, _) => (input, output) => output.Set(options.Part(input.Segmentation.MeasureVolumes())));

[CustomMappingFactoryAttribute("MkdSeg.FoundAgreement")]
internal sealed class FoundAgreementMapping() : ConfiguredMapping<MeasureOptions, ConfiguredPartInput, ScalarsOutput>(
    (options, _) => (input, output) => output.Set(options.Part(input.Segmentation.MeasureAgreement())));
