using MkdSeg.Common;
using MkdSeg.Datasets;

namespace MkdSeg.Training.Data;

/// <summary>One drawn variation of a slice: an affine map of positions and one of intensities.</summary>
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
        // Drawn whether used or not, so that switching a flip on leaves the rest of the sequence as it was.
        var mirrorX = random.NextDouble() < 0.5 && options.FlipLeftRight ? -1 : 1;
        var mirrorY = random.NextDouble() < 0.5 && options.FlipFrontBack ? -1 : 1;
        // Drawn only where it is used: without it the sequence is that of versions that did not know it.
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
    /// Overwrites image, (C, patch, patch) with x fastest, by the varied slice: intensities bilinearly, classes by the nearest
    /// pixel, −1 and the data set's class outside; and oneHot, (K, patch, patch), all 0 for an ignored pixel.
    /// </summary>
    public void Apply(TrainingSlice slice, SliceDataset dataset, int patch, Span<float> image, Span<float> oneHot)
    {
        oneHot.Clear();
        var (side, pixels, sourcePixels) = (dataset.Side, patch * patch, dataset.Side * dataset.Side);
        var (source, classes) = (slice.Image, slice.Classes);
        var patchCentre = (patch - 1) * 0.5f;
        var sourceCentre = (side - 1) * 0.5f;
        for (var y = 0; y < patch; y++)
        {
            var dy = y - patchCentre;
            for (var x = 0; x < patch; x++)
            {
                var dx = x - patchCentre;
                var sx = sourceCentre + (_a * dx) + (_b * dy) + _shiftX;
                var sy = sourceCentre + (_c * dx) + (_d * dy) + _shiftY;
                var i = (y * patch) + x;
                int x0 = (int)MathF.Floor(sx), y0 = (int)MathF.Floor(sy);
                if (x0 < 0 || y0 < 0 || x0 > side - 1 || y0 > side - 1)
                {
                    for (var c = 0; c < dataset.Channels; c++)
                        image[(c * pixels) + i] = -1;
                    Mark(dataset.OutsideClass, i, oneHot);
                    continue;
                }

                int x1 = Math.Min(x0 + 1, side - 1), y1 = Math.Min(y0 + 1, side - 1);
                float fx = sx - x0, fy = sy - y0;
                int row0 = y0 * side, row1 = y1 * side;
                for (var c = 0; c < dataset.Channels; c++)
                {
                    var plane = source.AsSpan(c * sourcePixels, sourcePixels);
                    var upper = plane[row0 + x0] + (fx * (plane[row0 + x1] - plane[row0 + x0]));
                    var lower = plane[row1 + x0] + (fx * (plane[row1 + x1] - plane[row1 + x0]));
                    var value = upper + (fy * (lower - upper));
                    if (_gamma != 1)
                        value = (2 * MathF.Pow((value + 1) / 2, _gamma)) - 1;
                    image[(c * pixels) + i] = Math.Clamp((_gain * value) + _offset, -1, 1);
                }

                Mark(classes[(fy < 0.5f ? row0 : row1) + (fx < 0.5f ? x0 : x1)], i, oneHot);
            }
        }

        void Mark(byte classIndex, int pixel, Span<float> values)
        {
            if (classIndex != LabelSet.IgnoredClass)
                values[(classIndex * pixels) + pixel] = 1;
        }
    }

    private static double Symmetric(double range, SeededRandom random) => random.Uniform(-range, range);
}
