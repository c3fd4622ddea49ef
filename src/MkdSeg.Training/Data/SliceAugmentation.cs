using MkdSeg.Datasets;

namespace MkdSeg.Training.Data;

/// <summary>One random variation of a slice: an affine map of positions and one of intensities.</summary>
internal readonly struct SliceAugmentation
{
    // Source offset from the slice's centre = [a b; c d] · (offset from the patch's centre) + (shiftX, shiftY), pixels.
    private readonly float _a;
    private readonly float _b;
    private readonly float _c;
    private readonly float _d;
    private readonly float _shiftX;
    private readonly float _shiftY;
    private readonly float _gain;
    private readonly float _offset;
    private readonly float _gamma;

    private SliceAugmentation(AugmentationOptions options, SeededRandom random)
    {
        var angle = Symmetric(options.RotationDegrees, random) * Math.PI / 180;
        var scale = 1 / (1 + Symmetric(options.Scale, random));
        _shiftX = (float)Symmetric(options.ShiftPixels, random);
        _shiftY = (float)Symmetric(options.ShiftPixels, random);
        _gain = (float)(1 + Symmetric(options.Contrast, random));
        _offset = (float)Symmetric(options.Brightness, random);
        // Drawn whether used or not, so that enabling a flip leaves the rest of the sequence unchanged.
        var mirrorX = random.NextDouble() < 0.5 && options.FlipLeftRight ? -1 : 1;
        var mirrorY = random.NextDouble() < 0.5 && options.FlipFrontBack ? -1 : 1;
        // Drawn only if used: otherwise the sequence is the same as in versions without this option.
        _gamma = options.Gamma > 0 ? (float)Math.Exp(Symmetric(options.Gamma, random)) : 1;
        var (sin, cos) = Math.SinCos(angle);
        _a = (float)(scale * cos * mirrorX);
        _b = (float)(-scale * sin * mirrorY);
        _c = (float)(scale * sin * mirrorX);
        _d = (float)(scale * cos * mirrorY);
    }

    /// <summary>Draws a variation; equal options always take the same number of draws.</summary>
    public static SliceAugmentation Draw(AugmentationOptions options, SeededRandom random) => new(options, random);

    /// <summary>
    /// Overwrites image, (C, patch, patch) with x fastest, with the varied slice: intensities interpolated bilinearly, classes
    /// from the nearest pixel, outside −1 and the data set's class; and oneHot, (K, patch, patch), all 0 for an ignored pixel.
    /// </summary>
    public void Apply(TrainingSlice slice, SliceDataset dataset, int patch, Span<float> image, Span<float> oneHot)
    {
        oneHot.Clear();
        var (side, pixels) = (dataset.Side, patch * patch);
        var classes = slice.Classes.Span;
        for (var c = 0; c < slice.Planes.Count; c++)
        {
            var plane = slice.Planes[c];
            var below = plane.Lower.Span;
            var above = plane.Upper.Span;
            for (var i = 0; i < pixels; i++)
            {
                if (!Neighbours(i, patch, side, out var at))
                {
                    image[(c * pixels) + i] = -1;
                    continue;
                }

                var value = at.Of(below);
                if (plane.Fraction > 0)
                    value += plane.Fraction * (at.Of(above) - value);
                if (_gamma != 1)
                    value = (2 * MathF.Pow((value + 1) / 2, _gamma)) - 1;
                image[(c * pixels) + i] = Math.Clamp((_gain * value) + _offset, -1, 1);
            }
        }

        for (var i = 0; i < pixels; i++)
        {
            var index = Neighbours(i, patch, side, out var at) ? classes[at.Nearest] : dataset.OutsideClass;
            if (index != LabelSet.IgnoredClass)
                oneHot[(index * pixels) + i] = 1;
        }
    }

    // Locates a pixel of the patch in the slice; false outside.
    private bool Neighbours(int pixel, int patch, int side, out PixelNeighbours at)
    {
        var (patchCentre, sourceCentre) = ((patch - 1) * 0.5f, (side - 1) * 0.5f);
        var (dx, dy) = ((pixel % patch) - patchCentre, (pixel / patch) - patchCentre);
        var sx = sourceCentre + (_a * dx) + (_b * dy) + _shiftX;
        var sy = sourceCentre + (_c * dx) + (_d * dy) + _shiftY;
        int x0 = (int)MathF.Floor(sx), y0 = (int)MathF.Floor(sy);
        if (x0 < 0 || y0 < 0 || x0 > side - 1 || y0 > side - 1)
        {
            at = default;
            return false;
        }

        int x1 = Math.Min(x0 + 1, side - 1), y1 = Math.Min(y0 + 1, side - 1);
        at = new(x0, x1, y0 * side, y1 * side, sx - x0, sy - y0);
        return true;
    }

    private readonly record struct PixelNeighbours(int X0, int X1, int Row0, int Row1, float Fx, float Fy)
    {
        public int Nearest => (Fy < 0.5f ? Row0 : Row1) + (Fx < 0.5f ? X0 : X1);

        public float Of(ReadOnlySpan<float> plane)
        {
            var upper = plane[Row0 + X0] + (Fx * (plane[Row0 + X1] - plane[Row0 + X0]));
            var lower = plane[Row1 + X0] + (Fx * (plane[Row1 + X1] - plane[Row1 + X0]));
            return upper + (Fy * (lower - upper));
        }
    }

    private static double Symmetric(double range, SeededRandom random) => random.Uniform(-range, range);
}
