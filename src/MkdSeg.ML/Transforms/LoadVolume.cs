using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

/// <summary>Reads volume files. A file is read when a cursor asks for the volume, once per row.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Text: the path of a file, or of a folder with one DICOM series |
/// | Output column data type | Volume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadVolumeEstimator : StepEstimator
{
    internal LoadVolumeEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            "LoadVolume",
            (output, VolumeColumnTypes.Volume),
            [(input, TextDataViewType.Instance)],
            new LoadVolumeMapping()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LoadVolume")]
internal sealed class LoadVolumeMapping() : StepMapping<StepInput<ReadOnlyMemory<char>>, StepOutput<Volume<float>>>(
    (input, output) => output.Value = VolumeFile.ReadIntensities(input.Value.ToString()));
