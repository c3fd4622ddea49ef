using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Writes class volumes to files as the label values of their structures, see <see cref="SaveOptions"/>. A file is written
/// when a cursor asks for the output column, and appears under its name when it is complete.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume, and Text: the file's name |
/// | Output column data type | Text: the path of the file |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where the file cannot be written or a voxel's class is none of the structures.
/// </remarks>
public sealed class SaveLabelsEstimator : StepEstimator
{
    internal SaveLabelsEstimator(
        TransformsCatalog catalog, string output, string input, SaveOptions options, LabelSet labels)
        : base(Step.Create(
            catalog,
            new(
                "SaveLabels",
                (output, TextDataViewType.Instance),
                (input, ClassVolumeDataViewType.Instance),
                (options.NameColumnName, TextDataViewType.Instance)),
            new SaveLabelsMapping(),
            new SaveLabelsMapping.Options(options, [.. labels.Structures])))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SaveLabels")]
internal sealed class SaveLabelsMapping : StepMapping<SaveLabelsMapping.Options, ClassVolumeAndTextInput, TextOutput>
{
    protected override Action<ClassVolumeAndTextInput, TextOutput> Bind(Options options)
    {
        var labels = new LabelSet(options.Structures);
        return (input, output) =>
        {
            var path = options.Save.PathOf(input.Text);
            VolumeFile.WriteLabels(input.Value, labels, path);
            output.Value = path.AsMemory();
        };
    }

    internal sealed record Options(SaveOptions Save, Structure[] Structures);
}
