using Microsoft.ML;
using Microsoft.ML.Transforms;
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
public sealed class OrientVolumeEstimator : StepEstimator<OrientVolumeTransformer>
{
    internal OrientVolumeEstimator(TransformsCatalog catalog, string output, string input, string orientation)
        : this(
            catalog,
            new("OrientVolume", [StepColumn.Input(input, VolumeDataViewType.Instance)],
                StepColumn.Output(output, VolumeDataViewType.Instance)),
            new OrientVolumeMapping.Options(Checked(orientation)))
    {
    }

    private OrientVolumeEstimator(
        TransformsCatalog catalog, StepSignature signature, OrientVolumeMapping.Options options)
        : base(StepChain.Create(catalog, signature, new OrientVolumeMapping(), options), signature)
    {
    }

    private protected override OrientVolumeTransformer Create(ITransformer fitted, StepSignature of) => new(fitted, of);

    private static string Checked(string orientation) => Orientation.IsCode(orientation)
        ? orientation
        : throw new UserErrorException(
            $"OrientVolume: '{orientation}' names no orientation; give one letter of each pair R/L, A/P and I/S, such as "
            + "LPS.");
}

/// <summary>Brings volumes into one orientation, see <see cref="OrientVolumeEstimator"/>.</summary>
public sealed class OrientVolumeTransformer : StepTransformer
{
    internal OrientVolumeTransformer(ITransformer chain, StepSignature signature)
        : base(chain, signature)
    {
    }
}

[CustomMappingFactoryAttribute("MkdSeg.OrientVolume")]
internal sealed class OrientVolumeMapping : StepMapping<OrientVolumeMapping.Options, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(Options options, IReadOnlyList<byte[]> payloads) =>
        (input, output) => output.Value = Orientation.Reorient(input.Value, options.Orientation);

    internal sealed record Options(string Orientation);
}
