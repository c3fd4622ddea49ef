using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Cuts a part out of volumes: around a box, such as the one that LocateHeart or LocateLabels gives, or around the
/// volume's centre. Voxels keep their spacing and their place in the patient.
/// </summary>
/// <remarks>
/// <format type="text/markdown"><![CDATA[
/// ### Estimator Characteristics
/// |  |  |
/// | -- | -- |
/// | Does this estimator need to look at the data to train its parameters? | No |
/// | Input column data type | Volume, and HeartBox where a box column is named |
/// | Output column data type | Volume |
/// | Exportable to ONNX | No |
/// ]]></format>
/// </remarks>
public sealed class CropVolumeEstimator : StepEstimator
{
    internal CropVolumeEstimator(TransformsCatalog catalog, string output, string input, Options options)
        : base(Create(catalog, output, input, Checked(options)))
    {
    }

    /// <summary>What to keep. The part never exceeds the volume.</summary>
    public sealed record Options
    {
        /// <summary>The column with the box to keep; null to cut around the volume's centre.</summary>
        public string? BoxColumnName { get; init; }

        /// <summary>Around the centre: extent along x and y, mm; all slices stay.</summary>
        public double ExtentMm { get; init; } = 200;

        /// <summary>Around a box: what is kept on each side of it along x, y and z, mm.</summary>
        public double MarginMm { get; init; } = 15;
    }

    private static Options Checked(Options options)
    {
        if (!(options.ExtentMm > 0) || !(options.MarginMm >= 0))
        {
            throw new UserErrorException(
                $"CropVolume: an extent of {options.ExtentMm} mm and a margin of {options.MarginMm} mm were asked for; the "
                + "extent must be above 0, the margin at least 0.");
        }

        return options;
    }

    private static Step Create(TransformsCatalog catalog, string output, string input, Options options)
    {
        var (made, volume) = ((output, VolumeDataViewType.Instance), (input, VolumeDataViewType.Instance));
        return options.BoxColumnName is { } box
            ? Step.Create(
                catalog,
                new("CropVolume", made, volume, (box, HeartBoxDataViewType.Instance)),
                new CropBoxMapping(),
                options)
            : Step.Create(catalog, new("CropVolume", made, volume), new CropCentreMapping(), options);
    }
}

[CustomMappingFactoryAttribute("MkdSeg.CropCentre")]
internal sealed class CropCentreMapping : StepMapping<CropVolumeEstimator.Options, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(CropVolumeEstimator.Options options) =>
        (input, output) => output.Value = VolumeCrop.AroundCentre(input.Value, options.ExtentMm);
}

[CustomMappingFactoryAttribute("MkdSeg.CropBox")]
internal sealed class CropBoxMapping : StepMapping<CropVolumeEstimator.Options, VolumeAndBoxInput, VolumeOutput>
{
    protected override Action<VolumeAndBoxInput, VolumeOutput> Bind(CropVolumeEstimator.Options options) =>
        (input, output) => output.Value = VolumeCrop.AroundBox(input.Value, input.Box, options.MarginMm);
}
