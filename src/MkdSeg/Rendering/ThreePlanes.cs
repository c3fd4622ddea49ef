using MkdSeg.Datasets;

namespace MkdSeg.Rendering;

/// <summary>
/// Draws the axial, coronal and sagittal planes of a volume through a point, side by side, in radiological convention (the
/// patient's right on the picture's left; in the sagittal plane the front on the left; the front or the head up).
/// Intensities are interpolated linearly. Structures are outlined in exactly their colours and filled lightly.
/// </summary>
internal static class ThreePlanes
{
    private const string ViewOrientation = "LPS";
    private const int Gap = 4;
    private const float Fill = 0.2f;
    private const int ContourPx = 2;

    // Limits the width of planes with very unequal sides, such as those of a few thick slices or a single thin one.
    private const int WidestPerHeight = 4;

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

    /// <summary>Draws the axial, coronal and sagittal planes as separate pictures, <paramref name="heightPx"/> high.</summary>
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
        var colours = labels.Structures.ToDictionary(structure => (byte)structure.ClassIndex, structure => Legend.ParseColour(structure.Color));

        // Each plane: voxels along its sides, their spacing, and the voxel in column u and row v.
        (int Columns, int Rows, double ColumnMm, double RowMm, Func<int, int, (int X, int Y, int Z)> At)[] planes =
        [
            (size.X, size.Y, spacing.X, spacing.Y, (u, v) => (u, v, cz)),
            (size.X, size.Z, spacing.X, spacing.Z, (u, v) => (u, cy, size.Z - 1 - v)),
            (size.Y, size.Z, spacing.Y, spacing.Z, (u, v) => (cx, u, size.Z - 1 - v)),
        ];
        return [.. planes.Select(plane => Draw(plane.Columns, plane.Rows, plane.ColumnMm, plane.RowMm, plane.At))];

        RgbPicture Draw(int columns, int rows, double columnMm, double rowMm, Func<int, int, (int X, int Y, int Z)> at)
        {
            var proportion = columns * columnMm / (rows * rowMm);
            var wanted = (int)Math.Max(1, Math.Round(heightPx * proportion));
            var picture = new RgbPicture(Math.Min(wanted, WidestPerHeight * heightPx), heightPx);
            // A plane that is too wide for its height keeps its proportions as a strip in the middle.
            var shownPx = wanted == picture.Width ? heightPx : Math.Max(1, (int)Math.Round(picture.Width / proportion));
            var top = (heightPx - shownPx) / 2;
            var greys = new float[picture.Width, shownPx];
            var classes = new byte[picture.Width, shownPx];
            for (var py = 0; py < shownPx; py++)
            {
                var (v0, v1, fv) = Around(py, shownPx, rows);
                for (var px = 0; px < picture.Width; px++)
                {
                    var (u0, u1, fu) = Around(px, picture.Width, columns);
                    var (a, b, c, d) = (at(u0, v0), at(u1, v0), at(u0, v1), at(u1, v1));
                    var value = Between(Between(Of(view, a), Of(view, b), fu), Between(Of(view, c), Of(view, d), fu), fv);
                    greys[px, py] = (float)Math.Clamp(255 * (value - lower) / (upper - lower), 0, 255);
                    if (shown is not null)
                        classes[px, py] = Largest([Of(shown, a), Of(shown, b), Of(shown, c), Of(shown, d)], fu, fv);
                }
            }

            for (var py = 0; py < shownPx; py++)
            {
                for (var px = 0; px < picture.Width; px++)
                {
                    var isThere = colours.TryGetValue(classes[px, py], out var colour);
                    var opacity = !isThere ? 0 : IsContour(classes, px, py) ? 1 : Fill;
                    var grey = greys[px, py];
                    picture.Set(
                        px, top + py, Mix(grey, colour.R, opacity), Mix(grey, colour.G, opacity), Mix(grey, colour.B, opacity));
                }
            }

            return picture;
        }
    }

    private static T Of<T>(Volume<T> volume, (int X, int Y, int Z) at)
        where T : unmanaged => volume[at.X, at.Y, at.Z];

    // The two voxels whose centres a pixel's centre lies between, and its fractional position between them.
    private static (int First, int Second, double Fraction) Around(int pixel, int pixels, int voxels)
    {
        var position = Math.Clamp(((pixel + 0.5) * voxels / pixels) - 0.5, 0, voxels - 1);
        var first = (int)position;
        return (first, Math.Min(first + 1, voxels - 1), position - first);
    }

    private static double Between(double a, double b, double fraction) => a + ((b - a) * fraction);

    // The class with the largest share of a point between four voxels, so that outlines do not follow voxel edges.
    private static byte Largest(ReadOnlySpan<byte> classes, double fu, double fv)
    {
        ReadOnlySpan<double> shares = [(1 - fu) * (1 - fv), fu * (1 - fv), (1 - fu) * fv, fu * fv];
        var (best, most) = (classes[0], 0.0);
        foreach (var candidate in classes)
        {
            var share = 0.0;
            for (var i = 0; i < classes.Length; i++)
                share += classes[i] == candidate ? shares[i] : 0;
            if (share > most)
                (best, most) = (candidate, share);
        }

        return best;
    }

    // Whether another class is near; the picture's own edge is not an outline.
    private static bool IsContour(byte[,] classes, int x, int y)
    {
        var own = classes[x, y];
        for (var step = -ContourPx; step <= ContourPx; step++)
        {
            if (classes[Math.Clamp(x + step, 0, classes.GetLength(0) - 1), y] != own
                || classes[x, Math.Clamp(y + step, 0, classes.GetLength(1) - 1)] != own)
            {
                return true;
            }
        }

        return false;
    }

    private static byte Mix(float grey, byte colour, float opacity) => (byte)(((1 - opacity) * grey) + (opacity * colour));

    // The centre of mass of all structures; null for an empty mask.
    private static (int X, int Y, int Z)? Centre(Volume<byte>? mask)
    {
        if (mask is null)
            return null;

        var size = mask.Grid.Size;
        long count = 0, sumX = 0, sumY = 0, sumZ = 0;
        for (var z = 0; z < size.Z; z++)
        {
            var slice = mask.Slice(z);
            for (var i = 0; i < slice.Length; i++)
            {
                if (slice[i] != 0)
                    (count, sumX, sumY, sumZ) = (count + 1, sumX + (i % size.X), sumY + (i / size.X), sumZ + z);
            }
        }

        return count == 0 ? null : ((int)(sumX / count), (int)(sumY / count), (int)(sumZ / count));
    }
}
