using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Reads label files and maps their values to class indices.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadLabelsEstimator : StepEstimator
{
    internal LoadLabelsEstimator(TransformsCatalog catalog, string output, string input, LabelSet labels)
        : base(Step.Create(
            catalog,
            new("LoadLabels", (output, ClassVolumeDataViewType.Instance), (input, TextDataViewType.Instance)),
            new LoadLabelsMapping(),
            new LoadLabelsMapping.Options([.. labels.Structures])))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LoadLabels")]
internal sealed class LoadLabelsMapping : StepMapping<LoadLabelsMapping.Options, TextInput, ClassVolumeOutput>
{
    protected override Action<TextInput, ClassVolumeOutput> Bind(Options options)
    {
        var labels = new LabelSet(options.Structures);
        return (input, output) =>
        {
            var path = input.Value.ToString();
            output.Value = labels.ToClasses(VolumeFile.ReadLabels(path), path);
        };
    }

    internal sealed record Options(Structure[] Structures);
}
