namespace MkdSeg.Preprocessing;

/// <summary>
/// The steps from a volume to a network's input: orient, crop, resample, normalise. Each can be called alone:
/// <see cref="Orientation.Reorient{T}"/>, <see cref="NetworkGrid.Create"/>, <see cref="InPlaneResampler"/>,
/// <see cref="IntensityWindow.ApplyInPlace"/>.
/// </summary>
internal static class Preprocessor
{
    /// <summary>The volume as networks see it: intensities in [-1, 1] on the network grid.</summary>
    public static Volume<float> Prepare(
        Volume<float> volume, PreprocessingOptions options, HeartBox? box, int sizeMultiple = 1)
    {
        options.Validate("preprocessing");
        var grid = NetworkGrid.Create(Orientation.Reorient(volume.Grid, options.Orientation), options, box, sizeMultiple);
        // NaN marks what lies outside the volume: it does not count in percentiles and becomes -1.
        var input = InPlaneResampler.Resample(volume, grid, float.NaN);
        options.Window.ApplyInPlace(input.Voxels);
        return input;
    }

    /// <summary>Prepares a volume and its annotation, which tells where the heart is.</summary>
    public static (Volume<float> Image, Volume<byte> Classes) PrepareLabelled(
        Volume<float> volume, Volume<byte> classes, PreprocessingOptions options, int sizeMultiple = 1)
    {
        var image = Prepare(volume, options, HeartBox.FromClasses(classes), sizeMultiple);
        return (
            image, InPlaneResampler.Resample(Orientation.Reorient(classes, Orientation.Of(image.Grid)), image.Grid));
    }
}
