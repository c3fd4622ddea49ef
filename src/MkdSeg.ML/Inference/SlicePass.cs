using MkdSeg.Volumes;

namespace MkdSeg.ML.Inference;

/// <summary>
/// One segmentor's way through a prepared volume, batch by batch, mirror images included; its buffers serve all batches.
/// </summary>
internal sealed class SlicePass
{
    private readonly OnnxSegmentor _segmentor;
    private readonly Volume<float> _volume;
    private readonly (int Width, int Height) _size;
    private readonly FlippedRuns? _mirror;

    /// <param name="segmentor">The network.</param>
    /// <param name="volume">Slices of the network's channels, image after image.</param>
    /// <param name="flips">The mirror images; probabilities are averaged.</param>
    /// <param name="largestBatch">The most images that will be asked for at once.</param>
    public SlicePass(OnnxSegmentor segmentor, Volume<float> volume, SliceFlips flips, int largestBatch)
    {
        (_segmentor, _volume) = (segmentor, volume);
        _size = (volume.Grid.Size.X, volume.Grid.Size.Y);
        _mirror = flips == SliceFlips.None
            ? null
            : new(flips, _size, largestBatch, (segmentor.Channels, segmentor.ClassCount));
    }

    /// <summary>Segments some images.</summary>
    /// <param name="first">The first image.</param>
    /// <param name="count">Number of images.</param>
    /// <param name="probabilities">Receives (count, classes, height, width).</param>
    public void Run(int first, int count, Memory<float> probabilities)
    {
        _segmentor.Run(_volume, first, count, probabilities);
        _mirror?.Average(
            _segmentor.Slices(_volume, first, count).Span,
            probabilities.Span,
            (flipped, result) => _segmentor.Infer(flipped, count, _size, result));
    }
}
