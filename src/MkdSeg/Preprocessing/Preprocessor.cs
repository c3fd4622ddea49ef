using MkdSeg.Common;
using MkdSeg.Volumes;

namespace MkdSeg.Preprocessing;

/// <summary>
/// The steps from a volume to a network's input: orient, crop, resample, normalise. Each can be called alone:
/// <see cref="Orientation.Reorient{T}"/>, <see cref="NetworkGrid.Create"/>, <see cref="InPlaneResampler"/>,
/// <see cref="IntensityWindow.ApplyInPlace"/>.
/// </summary>
internal static class Preprocessor
{
    /// <summary>Prepares a volume.</summary>
    /// <exception cref="UserErrorException">Invalid options, or a box that is missing or outside the volume.</exception>
    public static PreparedVolume Prepare(
        Volume<float> volume, PreprocessingOptions options, HeartBox? box, int sizeMultiple = 1)
    {
        options.Validate("preprocessing");
        var oriented = Orientation.Reorient(volume.Grid, options.Orientation);
        var frame = NetworkGrid.Create(oriented, options, box, sizeMultiple);
        // NaN marks what lies outside the volume: it does not count in percentiles and becomes -1.
        var input = InPlaneResampler.Resample(volume, frame, float.NaN);
        options.Window.ApplyInPlace(input.Voxels);
        return new(input, volume.Grid, oriented);
    }

    /// <summary>Resamples class indices onto the network grid of a prepared volume.</summary>
    public static Volume<byte> PrepareClasses(Volume<byte> classes, PreparedVolume prepared)
    {
        var frame = prepared.Input.Grid;
        return InPlaneResampler.Resample(Orientation.Reorient(classes, Orientation.Of(frame)), frame);
    }

    /// <summary>Prepares a volume and its annotation, which tells where the heart is.</summary>
    public static (PreparedVolume Image, Volume<byte> Classes) PrepareLabelled(
        Volume<float> volume, Volume<byte> classes, PreprocessingOptions options, int sizeMultiple = 1)
    {
        var prepared = Prepare(volume, options, HeartBox.FromClasses(classes), sizeMultiple);
        return (prepared, PrepareClasses(classes, prepared));
    }
}

/// <summary>A volume as networks see it, and where it came from.</summary>
internal sealed record PreparedVolume(Volume<float> Input, Grid Original, Grid Oriented);
