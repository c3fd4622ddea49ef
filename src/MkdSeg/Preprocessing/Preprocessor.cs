namespace MkdSeg.Preprocessing;

/// <summary>
/// The steps from a volume to a network's input: orient, crop, resample, normalise. Each can be called separately:
/// <see cref="Orientation.Reorient{T}"/>, <see cref="NetworkGrid.Create"/>, <see cref="InPlaneResampler"/>,
/// <see cref="IntensityWindow.ApplyInPlace"/>.
/// </summary>
internal static class Preprocessor
{
    /// <summary>Returns the volume as networks see it: intensities in [-1, 1] on the network grid.</summary>
    public static Volume<float> Prepare(
        Volume<float> volume, PreprocessingOptions options, HeartBox? box, int sizeMultiple = 1)
    {
        options.Validate("preprocessing");
        var grid = NetworkGrid.Create(Orientation.Reorient(volume.Grid, options.Orientation), options, box, sizeMultiple);
        // NaN marks pixels outside the volume; they are excluded from percentiles and become -1.
        var input = InPlaneResampler.Resample(volume, grid, float.NaN);
        options.Window.ApplyInPlace(input.Voxels);
        return input;
    }

    /// <summary>Prepares a volume and its annotation, which gives the heart's position.</summary>
    public static (Volume<float> Image, Volume<byte> Classes) PrepareLabelled(
        Volume<float> volume, Volume<byte> classes, PreprocessingOptions options, int sizeMultiple = 1)
    {
        var image = Prepare(volume, options, HeartBox.FromClasses(classes), sizeMultiple);
        return (
            image, InPlaneResampler.Resample(Orientation.Reorient(classes, Orientation.Of(image.Grid)), image.Grid));
    }
}
