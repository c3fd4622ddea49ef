using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Takes the map of where segmentors disagree out of what <see cref="SegmentVolumeEstimator"/> found; nothing is copied.
/// The values are those of <see cref="MapDisagreementEstimator"/>.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Segmentation |
/// | Output column data type | Volume, values in [0, 1] |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class SelectDisagreementEstimator : StepEstimator
{
    internal SelectDisagreementEstimator(TransformsCatalog catalog, string output, string input)
        : base(Step.Create(
            catalog,
            new(
                "SelectDisagreement",
                (output, VolumeDataViewType.Instance),
                (input, SegmentationDataViewType.Instance)),
            new SelectDisagreementMapping(),
            new NoOptions()))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.SelectDisagreement")]
internal sealed class SelectDisagreementMapping : StepMapping<NoOptions, SegmentationInput, VolumeOutput>
{
    protected override Action<SegmentationInput, VolumeOutput> Bind(NoOptions options) =>
        (input, output) => output.Value = input.Value.Disagreement;
}
