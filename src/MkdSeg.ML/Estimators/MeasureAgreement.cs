using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MkdSeg.Datasets;
using MkdSeg.Ensembling;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Measures how well the masks of several segmentors agree on each structure: the Dice coefficient, averaged over all pairs
/// of them. It needs no annotation, and a low value marks a case as doubtful. NaN where none of them has the structure.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume, 2 to 8 columns |
/// | Output column data type | Vector of Single in [0, 1], a slot for each structure with its name as slot name |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where the volumes have different sizes or a voxel's class is none of the structures. Structures' names must
/// not be names of columns of the data.
/// </remarks>
public sealed class MeasureAgreementEstimator : StepEstimator
{
    private const string Name = "MeasureAgreement";

    internal MeasureAgreementEstimator(
        TransformsCatalog catalog, string output, IReadOnlyList<string> inputs, LabelSet labels)
        : base(Step.CreateNamed(
            catalog,
            new(
                Name,
                (output, new VectorDataViewType(NumberDataViewType.Single)),
                SeveralInputs.Columns(Name, inputs, ClassVolumeDataViewType.Instance, fewest: 2)),
            [.. labels.Structures.Select(structure => structure.Name)],
            new MeasureAgreementMapping(),
            new MeasureAgreementMapping.Options(inputs.Count, labels.ClassCount)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.MeasureAgreement")]
internal sealed class MeasureAgreementMapping
    : StepMapping<MeasureAgreementMapping.Options, ClassVolumesInput, ValuesOutput>
{
    protected override Action<ClassVolumesInput, ValuesOutput> Bind(Options options) => (input, output) =>
    {
        var dice = Agreement.PerStructure(input.First(options.InputCount), options.ClassCount);
        output.Values = [.. dice.Select(value => (float)value)];
    };

    internal sealed record Options(int InputCount, int ClassCount);
}
