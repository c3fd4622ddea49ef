using MkdSeg.Datasets;
using MkdSeg.Preprocessing;

namespace MkdSeg.Training.Data;

internal static class PhotographPreparation
{
    /// <summary>Cuts squares as high as the scaled photograph's shorter side, spaced evenly along the longer side.</summary>
    public static IEnumerable<TrainingSlice> Cut(LabelledPhotograph photograph, int side)
    {
        var (width, height) = PhotographScaling.Fit(photograph.Image.Grid.Size, side);
        var image = PhotographScaling.Resize(photograph.Image, width, height);
        var classes = PhotographScaling.Resize(photograph.Classes, width, height);
        var longer = Math.Max(width, height);
        var count = (longer + side - 1) / side;
        for (var n = 0; n < count; n++)
        {
            var offset = count == 1 ? 0 : n * (longer - side) / (count - 1);
            var first = width >= height ? offset : offset * width;
            var channels = image.Grid.Size.Z;
            var (pixels, labels) = (new float[channels * side * side], new byte[side * side]);
            for (var y = 0; y < side; y++)
            {
                var from = first + (y * width);
                for (var c = 0; c < channels; c++)
                    image.Slice(c).Slice(from, side).CopyTo(pixels.AsSpan(((c * side) + y) * side, side));
                classes.Voxels.AsSpan(from, side).CopyTo(labels.AsSpan(y * side, side));
            }

            yield return new(pixels, labels);
        }
    }
}
