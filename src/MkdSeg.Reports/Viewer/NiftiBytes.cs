using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.Reports.Viewer;

/// <summary>Compressed NIfTI files in memory, for the viewer of a page.</summary>
internal static class NiftiBytes
{
    private const int Steps = 60_000;

    // With fewer whole numbers than a screen has greys, fractions count.
    private const int Fine = 256;

    /// <summary>Class indices as bytes.</summary>
    public static byte[] Of(Volume<byte> classes) => VolumeFile.ToNifti(classes);

    /// <summary>
    /// Intensities as 16-bit integers: whole numbers where nothing is lost but fractions that no one sees, as in CT;
    /// otherwise 60 000 steps from the lowest to the highest.
    /// </summary>
    public static byte[] Of(Volume<float> image)
    {
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in image.Voxels)
            (min, max) = (Math.Min(min, value), Math.Max(max, value));
        var isWhole = max - min >= Fine && min >= short.MinValue && max <= short.MaxValue;
        var slope = isWhole || max <= min ? 1 : (max - min) / Steps;
        var intercept = isWhole ? 0 : (min + max) / 2;
        var values = new short[image.Voxels.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = (short)Math.Round((image.Voxels[i] - intercept) / slope);
        return VolumeFile.ToNifti(new Volume<short>(image.Grid, values), slope, intercept);
    }
}
