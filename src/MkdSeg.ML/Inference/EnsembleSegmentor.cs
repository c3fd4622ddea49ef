using MkdSeg.Common;
using MkdSeg.Ensembling;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Inference;

/// <summary>
/// Takes a prepared volume from slices to masks batch by batch: every segmentor runs on the batch, the probabilities are
/// averaged and restored to the volume's own grid, and their buffers serve the next batch. So the probabilities of a whole
/// volume, which are many times as large as the volume, are never held.
/// </summary>
public static class EnsembleSegmentor
{
    /// <summary>Segments a volume.</summary>
    /// <param name="segmentors">One or more segmentors of the same classes for slices of one channel.</param>
    /// <param name="weights">A weight for each; null for equal ones.</param>
    /// <param name="flips">Mirror images that are segmented as well.</param>
    /// <param name="prepared">Intensities in [-1, 1] on a network frame.</param>
    /// <param name="original">The grid of the volume as it was read.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>The same masks, to the bit, as the single steps give one after the other.</returns>
    /// <exception cref="UserErrorException">
    /// The segmentors know different classes, or the slices do not suit a network.
    /// </exception>
    /// <exception cref="ArgumentException">Weights that make no mean, or a frame that does not belong to the grid.</exception>
    public static Segmentation Segment(
        IReadOnlyList<OnnxSegmentor> segmentors,
        IReadOnlyList<double>? weights,
        SliceFlips flips,
        Volume<float> prepared,
        Grid original,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(segmentors);
        ArgumentNullException.ThrowIfNull(prepared);
        weights ??= [.. Enumerable.Repeat(1.0, segmentors.Count)];
        Ensemble.CheckWeights(weights, segmentors.Count);
        var classCount = CommonClassCount(segmentors);
        var frame = prepared.Grid;
        var batch = Math.Min(frame.Size.Z, segmentors.Min(segmentor => segmentor.BatchSizeFor(frame.Size)));
        var workers = segmentors.Max(segmentor => segmentor.Workers);
        var length = classCount * frame.Size.SliceLength;
        var masks = segmentors.Select(_ => new MaskResampler(frame, original)).ToArray();
        var joint = masks.Length > 1 ? new MaskResampler(frame, original) : masks[0];
        var disagreement = new Volume<float>(frame);
        var total = weights.Sum();
        SliceBatches.ForEach(
            frame.Size.Z,
            batch,
            workers,
            () => new Worker(segmentors, prepared, flips, batch, length),
            (worker, first, count) =>
            {
                worker.Run(first, count);
                // A single worker has the cores to itself.
                Parallel.For(
                    0,
                    count,
                    new() { MaxDegreeOfParallelism = workers > 1 ? 1 : -1 },
                    slice => Restore(worker, slice, first + slice));
            },
            cancellation);
        Volume<byte>[] members = [.. masks.Select(mask => mask.Finish())];
        return new(masks.Length > 1 ? joint.Finish() : members[0], members, disagreement);

        void Restore(Worker worker, int inBatch, int inFrame)
        {
            for (var i = 0; i < masks.Length; i++)
                masks[i].AddProbabilities(inFrame, worker.Found(i, inBatch), classCount);
            if (masks.Length == 1)
                return;
            var mean = worker.Mean(inBatch);
            mean.Clear();
            for (var i = 0; i < masks.Length; i++)
                Ensemble.Add(worker.Found(i, inBatch), (float)(weights[i] / total), mean);
            joint.AddProbabilities(inFrame, mean, classCount);
            Agreement.AddDisagreement(masks.Length, i => worker.Found(i, inBatch), disagreement.Slice(inFrame));
        }
    }

    /// <summary>What one of several threads needs for itself; serves all its batches.</summary>
    private sealed class Worker(
        IReadOnlyList<OnnxSegmentor> segmentors, Volume<float> prepared, SliceFlips flips, int batch, int length)
    {
        private readonly SlicePass[] _passes =
            [.. segmentors.Select(segmentor => new SlicePass(segmentor, prepared, flips, batch))];

        private readonly float[][] _found = [.. segmentors.Select(_ => new float[batch * length])];
        private readonly float[] _mean = new float[segmentors.Count > 1 ? batch * length : 0];

        /// <summary>Runs every network on some slices.</summary>
        public void Run(int first, int count)
        {
            for (var i = 0; i < _passes.Length; i++)
                _passes[i].Run(first, count, _found[i].AsMemory(0, count * length));
        }

        /// <summary>The probabilities that a network found in a slice of the batch.</summary>
        public Span<float> Found(int network, int slice) => _found[network].AsSpan(slice * length, length);

        /// <summary>Room for the mean of the networks' probabilities in a slice of the batch.</summary>
        public Span<float> Mean(int slice) => _mean.AsSpan(slice * length, length);
    }

    private static int CommonClassCount(IReadOnlyList<OnnxSegmentor> segmentors)
    {
        int[] counts = [.. segmentors.Select(segmentor => segmentor.ClassCount).Distinct()];
        if (counts.Length == 1 && segmentors.All(segmentor => segmentor.Channels == 1))
            return counts[0];
        throw new UserErrorException(
            "Segmentors of one ensemble must have the same classes and take slices of one channel; found were "
            + string.Join(", ", segmentors.Select(found => $"{found.ClassCount} classes of {found.Channels} channels"))
            + ".");
    }
}
