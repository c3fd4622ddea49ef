using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Finds the box around all voxels of class volumes that are not background: where the heart lies, when an annotation
/// says so.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume |
/// | Output column data type | HeartBox |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LocateLabelsEstimator : StepEstimator
{
    internal LocateLabelsEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            new("LocateLabels", (output, HeartBoxDataViewType.Instance), (input, ClassVolumeDataViewType.Instance)),
            new LocateLabelsMapping(),
            new NoOptions()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.LocateLabels")]
internal sealed class LocateLabelsMapping : StepMapping<NoOptions, ClassVolumeInput, BoxOutput>
{
    protected override Action<ClassVolumeInput, BoxOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = HeartBox.FromClasses(input.Value)
            ?? throw new UserErrorException(
                "LocateLabels: the class volume has background only, so it does not say where the heart lies; check the "
                + "label file, or use the crop rule Located.");
}
