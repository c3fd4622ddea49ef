using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>Takes a mask out of what <see cref="SegmentVolumeEstimator"/> found; nothing is copied.</summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Segmentation |
/// | Output column data type | ClassVolume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// A row fails where there is no segmentor of that number.
/// </remarks>
public sealed class SelectMaskEstimator : StepEstimator
{
    internal SelectMaskEstimator(TransformsCatalog catalog, string output, string input, int? segmentor)
        : base(Step.Create(
            catalog,
            new("SelectMask", (output, ClassVolumeDataViewType.Instance), (input, SegmentationDataViewType.Instance)),
            new SelectMaskMapping(),
            new SelectMaskMapping.Options(segmentor)))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SelectMask")]
internal sealed class SelectMaskMapping : StepMapping<SelectMaskMapping.Options, SegmentationInput, ClassVolumeOutput>
{
    protected override Action<SegmentationInput, ClassVolumeOutput> Bind(Options options) => (input, output) =>
    {
        var masks = input.Value.SegmentorMasks;
        output.Value = options.Segmentor is not { } index
            ? input.Value.Mask
            : index >= 0 && index < masks.Count
                ? masks[index]
                : throw new UserErrorException(
                    $"SelectMask: the mask of segmentor {index} was asked for, but there are segmentors 0 to "
                    + $"{masks.Count - 1} only.");
    };

    internal sealed record Options(int? Segmentor);
}
