using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Brings volumes into one orientation by exchanging and flipping voxel axes; no voxel value changes, and a volume that
/// has the orientation already passes as it is.
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
public sealed class OrientVolumeEstimator : StepEstimator
{
    internal OrientVolumeEstimator(TransformsCatalog catalog, string output, string input, string orientation)
        : base(Step.Create(
            catalog,
            new("OrientVolume", (output, VolumeDataViewType.Instance), (input, VolumeDataViewType.Instance)),
            new OrientVolumeMapping(),
            new OrientVolumeMapping.Options(Checked(orientation))))
    {
    }

    private static string Checked(string orientation) => Orientation.IsCode(orientation)
        ? orientation
        : throw new UserErrorException(
            $"OrientVolume: '{orientation}' names no orientation; give one letter of each pair R/L, A/P and I/S, such as "
            + "LPS.");
}

[CustomMappingFactoryAttribute("MkdSeg.OrientVolume")]
internal sealed class OrientVolumeMapping : StepMapping<OrientVolumeMapping.Options, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(Options options) =>
        (input, output) => output.Value = Orientation.Reorient(input.Value, options.Orientation);

    internal sealed record Options(string Orientation);
}
