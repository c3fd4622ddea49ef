using Microsoft.ML;
using Microsoft.ML.Data;
using MkdSeg.ML.Components;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Gives every row the same network, as text that steps such as SegmentSlices read: several steps then share one network,
/// in memory and in a saved pipeline.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | None |
/// | Output column data type | Text: an ONNX file as base64 |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class LoadNetworkEstimator : StepEstimator
{
    internal LoadNetworkEstimator(TransformsCatalog catalog, string output, byte[] model)
        : base(new(
            new("LoadNetwork", (output, TextDataViewType.Instance)),
            Step.Constant(catalog, output, Convert.ToBase64String(model))))
    {
    }
}
