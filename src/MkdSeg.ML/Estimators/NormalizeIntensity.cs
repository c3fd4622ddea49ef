using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Maps intensities linearly to [-1, 1]; what lies outside the window is clipped. Percentiles are those of the volume that
/// the column holds.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume |
/// | Output column data type | Volume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class NormalizeIntensityEstimator : StepEstimator
{
    internal NormalizeIntensityEstimator(TransformsCatalog catalog, string output, string input, IntensityWindow window)
        : base(Step.Create(
            catalog,
            new("NormalizeIntensity", (output, VolumeDataViewType.Instance), (input, VolumeDataViewType.Instance)),
            new NormalizeIntensityMapping(),
            window))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.NormalizeIntensity")]
internal sealed class NormalizeIntensityMapping : StepMapping<IntensityWindow, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(IntensityWindow options) =>
        (input, output) => output.Value = options.Apply(input.Value);
}
