using MkdSeg.Ensembling;
namespace MkdSeg.ML.Inference;

/// <summary>Averages a network's probabilities over slices and their mirror images; its buffers are reused.</summary>
internal sealed class TestTimeAugmentation(
    SliceFlips flips, (int Width, int Height) size, int largestBatch, (int Input, int Output) channels)
{
    private readonly SliceFlips[] _variants =
        [.. new[] { SliceFlips.Horizontal, SliceFlips.Vertical, SliceFlips.Both }.Where(flip => (flip & ~flips) == 0)];

    private readonly float[] _input = new float[largestBatch * channels.Input * size.Width * size.Height];
    private readonly float[] _output = new float[largestBatch * channels.Output * size.Width * size.Height];

    /// <summary>Runs the mirror images of a batch and averages the results with the given probabilities.</summary>
    public void Average(
        ReadOnlySpan<float> images, Span<float> probabilities, Action<Memory<float>, Memory<float>> run)
    {
        var (input, output) = (_input.AsMemory(0, images.Length), _output.AsMemory(0, probabilities.Length));
        foreach (var flip in _variants)
        {
            images.CopyTo(input.Span);
            Flip(input.Span, flip);
            run(input, output);
            Flip(output.Span, flip);
            Ensemble.Add(output.Span, 1, probabilities);
        }

        var scale = 1f / (_variants.Length + 1);
        foreach (ref var value in probabilities)
            value *= scale;
    }

    private void Flip(Span<float> planes, SliceFlips flip)
    {
        var (width, length) = (size.Width, size.Width * size.Height);
        for (var first = 0; first < planes.Length; first += length)
        {
            var plane = planes.Slice(first, length);
            // Reversing all pixels applies both flips.
            if (flip.HasFlag(SliceFlips.Vertical))
                plane.Reverse();
            if (flip is SliceFlips.Both)
                continue;
            for (var row = 0; row < length; row += width)
                plane.Slice(row, width).Reverse();
        }
    }
}
