using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Transforms;

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
/// | Input column data type | LabelMap |
/// | Output column data type | LabelMap, the same grid |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class FillHolesEstimator : StepEstimator
{
    internal FillHolesEstimator(TransformsCatalog catalog, string output, string input, double largestMl)
        : base(Step.Create(
            catalog,
            "FillHoles",
            (output, VolumeColumnTypes.LabelMap),
            [(input, VolumeColumnTypes.LabelMap)],
            new FillHolesMapping(),
            largestMl is >= 0 ? largestMl : throw new UserErrorException(
                $"FillHoles: cavities up to {largestMl} mL are to be filled; give 0 mL or more.")))
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.FillHoles")]
internal sealed class FillHolesMapping()
    : ConfiguredMapping<double, ConfiguredInput<Volume<byte>>, StepOutput<Volume<byte>>>(
        (largestMl, _) => (input, output) => output.Value = ConnectedComponents.FillHoles(input.Value, largestMl));
