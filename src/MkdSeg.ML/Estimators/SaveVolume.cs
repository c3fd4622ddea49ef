using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Writes volumes to files as 32-bit floats, see <see cref="SaveOptions"/>. A file is written when a cursor asks for the
/// output column, and appears under its name when it is complete.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and Text: the file's name |
/// | Output column data type | Text: the path of the file |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails with a <see cref="UserErrorException"/> where the file cannot be written.
/// </remarks>
public sealed class SaveVolumeEstimator : StepEstimator
{
    internal SaveVolumeEstimator(TransformsCatalog catalog, string output, string input, SaveOptions options)
        : base(Step.Create(
            catalog,
            new(
                "SaveVolume",
                (output, TextDataViewType.Instance),
                (input, VolumeDataViewType.Instance),
                (options.NameColumnName, TextDataViewType.Instance)),
            new SaveVolumeMapping(),
            options))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SaveVolume")]
internal sealed class SaveVolumeMapping : StepMapping<SaveOptions, VolumeAndTextInput, TextOutput>
{
    protected override Action<VolumeAndTextInput, TextOutput> Bind(SaveOptions options) => (input, output) =>
    {
        var path = options.PathOf(input.Text);
        VolumeFile.Write(input.Value, path);
        output.Value = path.AsMemory();
    };
}
