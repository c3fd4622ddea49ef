using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.Training.Locating;

/// <summary>A volume as the locator sees it, kept in memory while it is trained.</summary>
/// <param name="Image">Intensities in [-1, 1] in large voxels.</param>
/// <param name="Heart">1 for voxels of the heart, on the same grid.</param>
public sealed record LocatorCase(Volume<float> Image, Volume<byte> Heart)
{
    /// <summary>The heart's first and last slice and its middle, in voxels; null where there is none.</summary>
    internal (int First, int Last, double X, double Y)? Extent { get; } = Measure(Heart);

    /// <summary>Makes a case of an annotated volume.</summary>
    /// <param name="image">Intensities.</param>
    /// <param name="classes">Class indices on the same grid; whatever is labelled is the heart.</param>
    /// <param name="settings">How the locator sees volumes.</param>
    public static LocatorCase Of(Volume<float> image, Volume<byte> classes, LocatorSettings settings) =>
        new(CoarseVolume.Make(image, settings), CoarseVolume.MakeMask(classes, settings));

    private static (int First, int Last, double X, double Y)? Measure(Volume<byte> heart)
    {
        if (HeartBox.FromClasses(heart) is not { } box)
            return null;
        var (min, max) = box.IndexRange(heart.Grid);
        return (
            (int)Math.Ceiling(min.Z), (int)Math.Floor(max.Z), (min.X + max.X) / 2, (min.Y + max.Y) / 2);
    }
}
