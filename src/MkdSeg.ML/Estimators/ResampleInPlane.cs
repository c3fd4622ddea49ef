using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Estimators;

/// <summary>
/// Resamples the slices of oriented volumes to square pixels; slices keep their number and distance. Weights are linear,
/// widened where the output is coarser. What lies outside the volume becomes NaN, which
/// <see cref="NormalizeIntensityEstimator"/> leaves out of percentiles and maps to -1.
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
public sealed class ResampleInPlaneEstimator : StepEstimator
{
    internal ResampleInPlaneEstimator(TransformsCatalog catalog, string output, string input, Options options)
        : base(Step.Create(
            catalog,
            new("ResampleInPlane", (output, VolumeDataViewType.Instance), (input, VolumeDataViewType.Instance)),
            new ResampleInPlaneMapping(),
            Checked(options)))
    {
    }

    /// <summary>How to resample.</summary>
    public sealed record Options
    {
        /// <summary>Spacing of the output's pixels, mm.</summary>
        public double SpacingMm { get; init; } = 2.5;

        /// <summary>
        /// Pixels along each side of the output, around the volume's centre; 0 for as many as cover the volume.
        /// </summary>
        public int PatchSize { get; init; }

        /// <summary>Where the output covers the volume: what its width and height are multiples of.</summary>
        public int SizeMultiple { get; init; } = 1;
    }

    private static Options Checked(Options options) =>
        options.SpacingMm > 0 && options.PatchSize >= 0 && options.SizeMultiple >= 1
            ? options
            : throw new UserErrorException(
                $"ResampleInPlane: {options.SpacingMm} mm, {options.PatchSize} pixels, multiples of {options.SizeMultiple} "
                + "were asked for; spacing and multiple must be positive, pixels at least 0.");
}

[CustomMappingFactoryAttribute("MkdSeg.ResampleInPlane")]
internal sealed class ResampleInPlaneMapping
    : StepMapping<ResampleInPlaneEstimator.Options, VolumeInput, VolumeOutput>
{
    protected override Action<VolumeInput, VolumeOutput> Bind(ResampleInPlaneEstimator.Options options)
    {
        var framing = new PreprocessingOptions
        {
            InPlaneSpacingMm = options.SpacingMm,
            PatchSize = Math.Max(1, options.PatchSize),
            Crop = options.PatchSize == 0 ? CropRule.Whole : CropRule.Centre,
        };
        return (input, output) =>
        {
            var frame = NetworkGrid.Create(input.Value.Grid, framing, null, options.SizeMultiple);
            output.Value = InPlaneResampler.Resample(input.Value, frame, float.NaN);
        };
    }
}
