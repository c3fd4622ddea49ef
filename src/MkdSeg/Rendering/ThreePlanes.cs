using System.Globalization;
using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.Rendering;

/// <summary>
/// Pictures of a volume in radiological convention: the transverse, coronal and sagittal plane through a point (the patient's
/// right on the picture's left, front or head up), with the structures of a mask overlaid in their colours.
/// </summary>
internal static class ThreePlanes
{
    private const string ViewOrientation = "LPS";
    private const int Gap = 4;
    private const float Opacity = 0.45f;

    // A plane of few thick or a single thin slice would be as wide as its sides differ.
    private const int WidestPerHeight = 4;

    /// <summary>Draws the picture.</summary>
    public static RgbPicture Draw(
        Volume<float> image, Volume<byte>? mask, LabelSet labels, double lower, double upper, int heightPx = 320)
    {
        var planes = DrawEach(image, mask, labels, lower, upper, heightPx);
        var picture = new RgbPicture(planes.Sum(plane => plane.Width) + (Gap * (planes.Count - 1)), heightPx);
        var left = 0;
        foreach (var plane in planes)
        {
            picture.Paste(plane, left, 0);
            left += plane.Width + Gap;
        }

        return picture;
    }

    /// <summary>Draws the transverse, the coronal and the sagittal plane as pictures of their own.</summary>
    public static IReadOnlyList<RgbPicture> DrawEach(
        Volume<float> image,
        Volume<byte>? mask,
        LabelSet labels,
        double lower,
        double upper,
        int heightPx = 320,
        Volume<byte>? centredOn = null)
    {
        var view = Orientation.Reorient(image, ViewOrientation);
        var shown = mask is null ? null : Orientation.Reorient(mask, ViewOrientation);
        var centred = centredOn is null ? shown : Orientation.Reorient(centredOn, ViewOrientation);
        var (size, spacing) = (view.Grid.Size, view.Grid.SpacingMm);
        var (cx, cy, cz) = Centre(centred) ?? (size.X / 2, size.Y / 2, size.Z / 2);
        var colours = labels.Structures.ToDictionary(structure => (byte)structure.ClassIndex, structure => Parse(structure.Color));

        // Each plane: millimetres along its sides, and the voxel under a pixel at a fraction (u, v) of them.
        (double WidthMm, double HeightMm, Func<double, double, (int X, int Y, int Z)> At)[] planes =
        [
            (size.X * spacing.X, size.Y * spacing.Y, (u, v) => ((int)(u * size.X), (int)(v * size.Y), cz)),
            (size.X * spacing.X, size.Z * spacing.Z, (u, v) => ((int)(u * size.X), cy, (int)((1 - v) * size.Z))),
            (size.Y * spacing.Y, size.Z * spacing.Z, (u, v) => (cx, (int)(u * size.Y), (int)((1 - v) * size.Z))),
        ];
        return [.. planes.Select(plane => Draw(plane.WidthMm, plane.HeightMm, plane.At))];

        RgbPicture Draw(double widthMm, double heightMm, Func<double, double, (int X, int Y, int Z)> at)
        {
            var wanted = (int)Math.Max(1, Math.Round(heightPx * widthMm / heightMm));
            var picture = new RgbPicture(Math.Min(wanted, WidestPerHeight * heightPx), heightPx);
            // A plane that is too wide for its height keeps its proportions as a strip in the middle.
            var shownPx = wanted == picture.Width
                ? heightPx
                : Math.Max(1, (int)Math.Round(picture.Width * heightMm / widthMm));
            var top = (heightPx - shownPx) / 2;
            for (var py = top; py < top + shownPx; py++)
            {
                for (var px = 0; px < picture.Width; px++)
                {
                    var (x, y, z) = at((px + 0.5) / picture.Width, (py - top + 0.5) / shownPx);
                    z = Math.Min(z, size.Z - 1);
                    var grey = (float)Math.Clamp(255 * (view[x, y, z] - lower) / (upper - lower), 0, 255);
                    var colour = shown is not null && colours.TryGetValue(shown[x, y, z], out var found) ? found : default;
                    var opacity = shown is not null && shown[x, y, z] != 0 ? Opacity : 0;
                    picture.Set(px, py, Mix(grey, colour.R, opacity), Mix(grey, colour.G, opacity), Mix(grey, colour.B, opacity));
                }
            }

            return picture;
        }
    }

    private static byte Mix(float grey, byte colour, float opacity) => (byte)(((1 - opacity) * grey) + (opacity * colour));

    private static (byte R, byte G, byte B) Parse(string colour)
    {
        var value = int.Parse(colour.AsSpan(1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return ((byte)(value >> 16), (byte)(value >> 8), (byte)value);
    }

    // The centre of mass of all structures; null for an empty mask.
    private static (int X, int Y, int Z)? Centre(Volume<byte>? mask)
    {
        if (mask is null)
        {
            return null;
        }

        var size = mask.Grid.Size;
        long count = 0, sumX = 0, sumY = 0, sumZ = 0;
        for (var z = 0; z < size.Z; z++)
        {
            var slice = mask.Slice(z);
            for (var i = 0; i < slice.Length; i++)
            {
                if (slice[i] != 0)
                {
                    (count, sumX, sumY, sumZ) = (count + 1, sumX + (i % size.X), sumY + (i / size.X), sumZ + z);
                }
            }
        }

        return count == 0 ? null : ((int)(sumX / count), (int)(sumY / count), (int)(sumZ / count));
    }
}
