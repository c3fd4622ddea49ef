using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>Reads label files and maps their values to class indices.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file |
/// | Output column data type | LabelMap |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadLabelsEstimator : StepEstimator
{
    internal LoadLabelsEstimator(TransformsCatalog catalog, string output, string input, LabelSet labels)
        : base(Step.Create(
            catalog,
            "LoadLabels",
            (output, VolumeColumnTypes.LabelMap),
            [(input, TextDataViewType.Instance)],
            new LoadLabelsMapping(),
            [.. labels.Structures]))
    {
    }
}

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
