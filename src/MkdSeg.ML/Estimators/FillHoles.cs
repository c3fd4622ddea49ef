using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Fills closed cavities: connected background that one structure alone encloses takes that structure's class. Background
/// that reaches the volume's border or touches two structures stays, and so do cavities above a volume.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | ClassVolume |
/// | Output column data type | ClassVolume, the same grid |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class FillHolesEstimator : StepEstimator
{
    internal FillHolesEstimator(TransformsCatalog catalog, string output, string input, double largestMl)
        : base(Step.Create(
            catalog,
            new(
                "FillHoles",
                (output, ClassVolumeDataViewType.Instance),
                (input, ClassVolumeDataViewType.Instance)),
            new FillHolesMapping(),
            new FillHolesMapping.Options(largestMl is >= 0 ? largestMl : throw new UserErrorException(
                $"FillHoles: cavities up to {largestMl} mL are to be filled; 0 mL or more are possible."))))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.FillHoles")]
internal sealed class FillHolesMapping : StepMapping<FillHolesMapping.Options, ClassVolumeInput, ClassVolumeOutput>
{
    protected override Action<ClassVolumeInput, ClassVolumeOutput> Bind(Options options) =>
        (input, output) => output.Value = ConnectedComponents.FillHoles(input.Value, options.LargestMl);

    internal sealed record Options(double LargestMl);
}
