using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.IO;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Reads volume files. A file is read when a cursor asks for the volume, once per row.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file |
/// | Output column data type | Volume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadVolumeEstimator : StepEstimator
{
    internal LoadVolumeEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            new("LoadVolume", (output, VolumeDataViewType.Instance), (input, TextDataViewType.Instance)),
            new LoadVolumeMapping(),
            new NoOptions()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LoadVolume")]
internal sealed class LoadVolumeMapping : StepMapping<NoOptions, TextInput, VolumeOutput>
{
    protected override Action<TextInput, VolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = VolumeFile.ReadIntensities(input.Value.ToString());
}
