using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>Measures the volume of each structure in millilitres: its voxels times a voxel's volume.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | LabelMap |
/// | Output column data type | Vector of Single, mL, a slot for each structure with its name as slot name |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where a voxel's class is none of the structures. Structures' names must not be names of columns of the data.
/// </remarks>
public sealed class MeasureVolumesEstimator : StepEstimator
{
    internal MeasureVolumesEstimator(TransformsCatalog catalog, string output, string input, LabelSet labels)
        : base(Create(catalog, output, input, labels))
    {
    }

    private static Step Create(TransformsCatalog catalog, string output, string input, LabelSet labels)
    {
        StepColumn[] inputs = [(input, VolumeColumnTypes.LabelMap)];
        var links = new Links(catalog).CopyInputs(inputs);
        links.NamedVector(output, [.. labels.Structures.Select(structure => structure.Name)], start => links
            .Options(new MeasureOptions(labels.ClassCount, start))
            .Map(new MeasureVolumesMapping()));
        return new("MeasureVolumes", inputs, links, output);
    }
}

/// <summary>Of which classes a step measures those from <paramref name="Start"/> on.</summary>
internal sealed record MeasureOptions(int ClassCount, int Start)
{
    public ReadOnlySpan<double> Part(double[] values) =>
        values.AsSpan(Start, Math.Min(ScalarsOutput.Count, values.Length - Start));
}

[CustomMappingFactoryAttribute("MkdSeg.MeasureVolumes")]
internal sealed class MeasureVolumesMapping()
    : ConfiguredMapping<MeasureOptions, ConfiguredInput<Volume<byte>>, ScalarsOutput>((options, _) => (input, output) =>
        output.Set(options.Part(StructureVolumes.InMl(input.Value, options.ClassCount))));
