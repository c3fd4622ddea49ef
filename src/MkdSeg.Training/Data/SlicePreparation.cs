using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Data;

internal static class SlicePreparation
{
    /// <summary>Cuts the slices of one volume, from the bottom to the top of the heart plus the margin in the options.</summary>
    public static IEnumerable<TrainingSlice> Cut(
        Volume<float> image, Volume<byte> classes, PreprocessingOptions options, int side)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, options.PatchSize);
        var box = HeartBox.FromClasses(classes);
        var patchOptions = options with { Crop = CropRule.Label };
        var oriented = Orientation.Reorient(image, options.Orientation);
        var orientedClasses = Orientation.Reorient(classes, options.Orientation);
        var patch = NetworkGrid.Create(oriented.Grid, patchOptions, box);
        var field = NetworkGrid.Create(oriented.Grid, patchOptions with { PatchSize = side }, box);

        // The window's percentiles are taken over the patch, as at inference; the wider field uses the same limits.
        var (lower, upper) = options.Window.Limits(InPlaneResampler.Resample(oriented, patch, float.NaN).Voxels);
        var window = new IntensityWindow { LowerValue = lower, UpperValue = upper };
        var input = InPlaneResampler.Resample(oriented, field, float.NaN);
        window.ApplyInPlace(input.Voxels);
        var labels = InPlaneResampler.Resample(orientedClasses, field);
        return Enumerable.Range(0, field.Size.Z).Select(z => new TrainingSlice(
            [.. Enumerable.Range(0, options.ContextSlices).Select(channel => Plane(z, channel))], Of(labels, z)));

        SlicePlane Plane(int z, int channel)
        {
            var (lower, upper, fraction) = options.Context.Source(z, channel, field.Size.Z, field.SpacingMm.Z);
            return new(Of(input, lower), Of(input, upper), fraction);
        }

        static ReadOnlyMemory<T> Of<T>(Volume<T> volume, int z)
            where T : unmanaged => volume.Voxels.AsMemory(z * volume.Grid.Size.SliceLength, volume.Grid.Size.SliceLength);
    }
}
