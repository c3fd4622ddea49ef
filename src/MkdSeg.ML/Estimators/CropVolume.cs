using Microsoft.ML;
using Microsoft.ML.Transforms;
using MkdSeg.Common;
using MkdSeg.ML.Columns;
using MkdSeg.ML.Components;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

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

/// <summary>Cuts parts out of volumes.</summary>
internal static class VolumeCrop
{
    public static Volume<float> AroundCentre(Volume<float> volume, double extentMm)
    {
        var grid = volume.Grid;
        var (width, height) = (Pixels(grid.Size.X, grid.SpacingMm.X), Pixels(grid.Size.Y, grid.SpacingMm.Y));
        return Cut(
            volume,
            ((grid.Size.X - width) / 2, (grid.Size.Y - height) / 2, 0),
            new(width, height, grid.Size.Z));

        int Pixels(int size, double spacingMm) => Math.Clamp((int)Math.Round(extentMm / spacingMm), 1, size);
    }

    public static Volume<float> AroundBox(Volume<float> volume, HeartBox box, double marginMm)
    {
        var grid = volume.Grid;
        var (min, max) = box.IndexRange(grid);
        var first = new int[3];
        var size = new int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            // The box ends at voxels' outer faces: half a voxel beyond the centres that indices stand for.
            var margin = (marginMm / grid.SpacingMm[axis]) - 0.5;
            first[axis] = Math.Max(0, (int)Math.Round(min[axis] - margin));
            var last = Math.Min(grid.Size[axis] - 1, (int)Math.Round(max[axis] + margin));
            size[axis] = last - first[axis] + 1;
            if (size[axis] < 1)
            {
                throw new UserErrorException(
                    $"CropVolume: the box covers the voxels {min[axis]:f0} to {max[axis]:f0} on axis {"xyz"[axis]}, but the "
                    + $"volume has {grid.Size[axis]}; box and volume do not belong together.");
            }
        }

        return Cut(volume, (first[0], first[1], first[2]), new(size[0], size[1], size[2]));
    }

    private static Volume<float> Cut(Volume<float> volume, (int X, int Y, int Z) first, GridSize size)
    {
        var grid = volume.Grid;
        if (size == grid.Size)
            return volume;
        var result = new Volume<float>(
            new(size, grid.SpacingMm, grid.ToPoint(new(first.X, first.Y, first.Z)), grid.Direction));
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = volume.Slice(first.Z + z).Slice(first.X + (grid.Size.X * (first.Y + y)), size.X);
                row.CopyTo(result.Slice(z)[(y * size.X)..]);
            }
        }

        return result;
    }
}
