using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Measures the volume of each structure in millilitres: its voxels times a voxel's volume.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume |
/// | Output column data type | Vector of Single, mL, a slot for each structure with its name as slot name |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails with a <see cref="UserErrorException"/> where a voxel's class is none of the structures.
/// Structures' names must not be names of columns of the data.
/// </remarks>
public sealed class MeasureVolumesEstimator : StepEstimator
{
    internal MeasureVolumesEstimator(TransformsCatalog catalog, string output, string input, LabelSet labels)
        : base(Step.CreateNamed(
            catalog,
            new(
                "MeasureVolumes",
                (output, new VectorDataViewType(NumberDataViewType.Single)),
                (input, ClassVolumeDataViewType.Instance)),
            [.. labels.Structures.Select(structure => structure.Name)],
            new MeasureVolumesMapping(),
            new MeasureVolumesMapping.Options(labels.Structures.Count)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.MeasureVolumes")]
internal sealed class MeasureVolumesMapping : StepMapping<MeasureVolumesMapping.Options, ClassVolumeInput, ValuesOutput>
{
    protected override Action<ClassVolumeInput, ValuesOutput> Bind(Options options) => (input, output) =>
    {
        var volumes = StructureVolumes.InMl(input.Value, options.StructureCount + 1);
        output.Values = [.. volumes.Select(volume => (float)volume)];
    };

    internal sealed record Options(int StructureCount);
}
