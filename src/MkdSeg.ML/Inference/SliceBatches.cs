using System.Runtime.ExceptionServices;

namespace MkdSeg.ML.Inference;

/// <summary>
/// Distributes the slices of a volume in batches to workers, each on its own thread. On a CPU this uses the cores better than
/// threads within each operator, because some operators are not worth splitting; and results do not depend on the number of
/// threads.
/// </summary>
internal static class SliceBatches
{
    /// <summary>Processes all batches, in any order on any thread; returns when the last is done.</summary>
    public static void ForEach<TWorker>(
        int slices,
        int batch,
        int workers,
        Func<TWorker> begin,
        Action<TWorker, int, int> work,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var batches = (slices + batch - 1) / batch;
        var next = -1;
        try
        {
            // Single indices rather than Parallel.For's ranges, which grow and leave one worker running alone at the end.
            Parallel.For(0, Math.Min(workers, batches), _ =>
            {
                var worker = begin();
                for (int i; (i = Interlocked.Increment(ref next)) < batches;)
                {
                    cancellation.ThrowIfCancellationRequested();
                    work(worker, i * batch, Math.Min(batch, slices - (i * batch)));
                }
            });
        }
        catch (AggregateException errors)
        {
            ExceptionDispatchInfo.Throw(errors.InnerExceptions[0]);
        }
    }
}

/// <summary>Runs one segmentor over a prepared volume, mirror images included; its buffers are reused.</summary>
internal sealed class SlicePass(OnnxSegmentor segmentor, Volume<float> volume, SliceFlips flips, int largestBatch)
{
    private readonly (int Width, int Height) _size = (volume.Grid.Size.X, volume.Grid.Size.Y);

    private readonly TestTimeAugmentation? _mirror = flips == SliceFlips.None
        ? null
        : new(
            flips,
            (volume.Grid.Size.X, volume.Grid.Size.Y),
            largestBatch,
            (segmentor.Channels, segmentor.ClassCount));

    private readonly float[] _images =
        segmentor.SeesNeighbours ? new float[largestBatch * segmentor.Channels * volume.Grid.Size.SliceLength] : [];

    /// <summary>Segments some images; probabilities are (count, classes, height, width).</summary>
    public void Run(int first, int count, Memory<float> probabilities)
    {
        var images = segmentor.Images(volume, first, count, _images);
        segmentor.Infer(images, count, _size, probabilities);
        _mirror?.Average(
            images.Span,
            probabilities.Span,
            (flipped, result) => segmentor.Infer(flipped, count, _size, result));
    }
}
