using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.Ensembling;
using MkdSeg.IO;

namespace MkdSeg.ML.Transforms;

// Row functions of the simple catalog steps; the others have their own files.

[CustomMappingFactoryAttribute("MkdSeg.LoadVolume")]
internal sealed class LoadVolumeMapping() : StepMapping<StepInput<ReadOnlyMemory<char>>, StepOutput<Volume<float>>>(
    (input, output) => output.Value = VolumeFile.ReadIntensities(input.Value.ToString()));

[CustomMappingFactoryAttribute("MkdSeg.LoadLabels")]
internal sealed class LoadLabelsMapping()
    : ConfiguredMapping<Structure[], ConfiguredInput<ReadOnlyMemory<char>>, StepOutput<Volume<byte>>>((structures, _) =>
    {
        var labels = new LabelSet(structures);
        return (input, output) =>
        {
            var path = input.Value.ToString();
            output.Value = labels.ToClasses(VolumeFile.ReadLabels(path), path);
        };
    });

[CustomMappingFactoryAttribute("MkdSeg.AverageProbabilities")]
internal sealed class AverageProbabilitiesMapping()
    : ConfiguredMapping<EnsembleWeights, GatheredInput<ProbabilityVolume>, StepOutput<ProbabilityVolume>>(
        (weights, _) => (input, output) => output.Value = Ensemble.Average(input.Items.Items, weights.Values));

[CustomMappingFactoryAttribute("MkdSeg.RestoreGeometry")]
internal sealed class RestoreGeometryMapping()
    : StepMapping<StepInput<ProbabilityVolume, Volume<float>>, StepOutput<Volume<byte>>>(
        (input, output) => output.Value = MaskResampler.Resample(input.Value, input.Second.Grid));

[CustomMappingFactoryAttribute("MkdSeg.KeepLargestComponents")]
internal sealed class KeepLargestComponentsMapping() : StepMapping<StepInput<Volume<byte>>, StepOutput<Volume<byte>>>(
    (input, output) => output.Value = ConnectedComponents.KeepLargestOfEachClass(input.Value));

[CustomMappingFactoryAttribute("MkdSeg.FillHoles")]
internal sealed class FillHolesMapping()
    : ConfiguredMapping<double, ConfiguredInput<Volume<byte>>, StepOutput<Volume<byte>>>(
        (largestMl, _) => (input, output) => output.Value = ConnectedComponents.FillHoles(input.Value, largestMl));

[CustomMappingFactoryAttribute("MkdSeg.MeasureVolumes")]
internal sealed class MeasureVolumesMapping()
    : ConfiguredMapping<MeasureOptions, ConfiguredInput<Volume<byte>>, ScalarsOutput>((options, _) => (input, output) =>
        output.Set(options.Part(StructureVolumes.InMl(input.Value, options.ClassCount))));

/// <summary>The number of classes, of which a step measures those starting at <paramref name="Start"/>.</summary>
internal sealed record MeasureOptions(int ClassCount, int Start)
{
    public ReadOnlySpan<double> Part(double[] values) =>
        values.AsSpan(Start, Math.Min(ScalarsOutput.Count, values.Length - Start));
}

[CustomMappingFactoryAttribute("MkdSeg.MeasureAgreement")]
internal sealed class MeasureAgreementMapping()
    : ConfiguredMapping<MeasureOptions, GatheredInput<Volume<byte>>, ScalarsOutput>((options, _) => (input, output) =>
        output.Set(options.Part(Agreement.PerStructure(input.Items.Items, options.ClassCount))));
