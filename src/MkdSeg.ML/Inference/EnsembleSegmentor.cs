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
    // Each network runs on so many slices before the other does: by turns, each would find the caches full of the other's.
    private const int SlicesInTurn = 8;

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
        var turn = batch * ((SlicesInTurn + batch - 1) / batch);
        var length = classCount * frame.Size.SliceLength;
        var passes = segmentors.Select(segmentor => new SlicePass(segmentor, prepared, flips, batch)).ToArray();
        var probabilities = passes.Select(_ => new float[turn * length]).ToArray();
        var mean = passes.Length > 1 ? new float[turn * length] : probabilities[0];
        var masks = passes.Select(_ => new MaskRestoration(frame, original)).ToArray();
        var joint = passes.Length > 1 ? new MaskRestoration(frame, original) : masks[0];
        var disagreement = new Volume<float>(frame);
        var total = weights.Sum();
        for (var first = 0; first < frame.Size.Z; first += turn)
        {
            var count = Math.Min(turn, frame.Size.Z - first);
            for (var i = 0; i < passes.Length; i++)
                Run(passes[i], first, count, probabilities[i]);
            var start = first;
            Parallel.For(0, count * (passes.Length + 1), part =>
            {
                var (slice, i) = (part % count, part / count);
                if (i < passes.Length)
                    masks[i].AddProbabilities(start + slice, SliceOf(probabilities[i], slice), classCount);
                else if (passes.Length > 1)
                    Combine(slice, start + slice);
            });
        }

        Volume<byte>[] members = [.. masks.Select(mask => mask.Finish())];
        return new(passes.Length > 1 ? joint.Finish() : members[0], members, disagreement);

        void Run(SlicePass pass, int first, int count, float[] values)
        {
            for (var done = 0; done < count; done += batch)
            {
                cancellation.ThrowIfCancellationRequested();
                var slices = Math.Min(batch, count - done);
                pass.Run(first + done, slices, values.AsMemory(done * length, slices * length));
            }
        }

        Span<float> SliceOf(float[] values, int slice) => values.AsSpan(slice * length, length);

        void Combine(int inBatch, int inFrame)
        {
            var sum = SliceOf(mean, inBatch);
            sum.Clear();
            for (var i = 0; i < passes.Length; i++)
                Ensemble.Add(SliceOf(probabilities[i], inBatch), (float)(weights[i] / total), sum);
            joint.AddProbabilities(inFrame, sum, classCount);
            Agreement.AddDisagreement(
                passes.Length, i => SliceOf(probabilities[i], inBatch), disagreement.Slice(inFrame));
        }
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
