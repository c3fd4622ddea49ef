using MkdSeg.Common;
using MkdSeg.Ensembling;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Inference;

/// <summary>
/// Finds the heart without a network trained for that: the segmentors pass over the whole volume at their own spacing,
/// their probabilities are averaged, and the box is drawn around the largest connected part that is not background. Good
/// for volumes that show little more than the heart; for others a bundle has a <see cref="TrainedLocator"/>.
/// </summary>
public sealed class HeartLocator
{
    private readonly IReadOnlyList<OnnxSegmentor> _segmentors;
    private readonly PreprocessingOptions _preprocessing;
    private readonly int _sizeMultiple;

    /// <summary>Creates a locator.</summary>
    /// <param name="segmentors">One or more segmentors of the same classes; they stay the caller's.</param>
    /// <param name="preprocessing">The segmentors' orientation, spacing and window; the crop rule does not matter.</param>
    /// <param name="sizeMultiple">What the networks' input width and height must be multiples of.</param>
    /// <exception cref="UserErrorException">The segmentors know different numbers of classes.</exception>
    public HeartLocator(
        IReadOnlyList<OnnxSegmentor> segmentors, PreprocessingOptions preprocessing, int sizeMultiple = 1)
    {
        ArgumentNullException.ThrowIfNull(segmentors);
        ArgumentNullException.ThrowIfNull(preprocessing);
        if (segmentors.Select(segmentor => segmentor.ClassCount).Distinct().Count() != 1)
        {
            throw new UserErrorException(
                "To locate the heart, one or more segmentors of the same classes are needed; found were "
                + $"[{string.Join(", ", segmentors.Select(segmentor => segmentor.ClassCount))}] classes.");
        }

        _segmentors = segmentors;
        _preprocessing = preprocessing with { Crop = CropRule.Whole };
        _sizeMultiple = sizeMultiple;
    }

    /// <summary>Finds the heart.</summary>
    /// <param name="volume">Intensities in any orientation.</param>
    /// <exception cref="UserErrorException">Nothing in the volume looks like a heart.</exception>
    public HeartBox Locate(Volume<float> volume)
    {
        var prepared = Preprocessor.Prepare(volume, _preprocessing, null, _sizeMultiple);
        return HeartBox.FromClasses(Segment(prepared.Input), largestComponentOnly: true)
            ?? throw new UserErrorException(
                "No heart was found: the coarse pass over the whole volume labelled no voxel; check that the volume shows "
                + "the chest in the model's modality, or use another crop rule.");
    }

    /// <summary>Classes of the whole volume; probabilities live for one batch only.</summary>
    private Volume<byte> Segment(Volume<float> input)
    {
        var size = input.Grid.Size;
        var batch = Math.Min(size.Z, _segmentors.Max(segmentor => segmentor.BatchSizeFor(size)));
        var classCount = _segmentors[0].ClassCount;
        var length = classCount * size.SliceLength;
        var classes = new Volume<byte>(input.Grid);
        SliceBatches.ForEach(
            size.Z,
            batch,
            _segmentors.Max(segmentor => segmentor.Workers),
            () => (Sum: new float[batch * length], Next: new float[_segmentors.Count > 1 ? batch * length : 0]),
            (buffers, first, count) =>
            {
                _segmentors[0].Run(input, first, count, buffers.Sum.AsMemory(0, count * length));
                foreach (var segmentor in _segmentors.Skip(1))
                {
                    segmentor.Run(input, first, count, buffers.Next.AsMemory(0, count * length));
                    Ensemble.Add(buffers.Next.AsSpan(0, count * length), 1, buffers.Sum);
                }

                // A sum has the same greatest class as the mean.
                for (var slice = 0; slice < count; slice++)
                {
                    ProbabilityVolume.ArgMax(
                        buffers.Sum.AsSpan(slice * length, length), classCount, classes.Slice(first + slice));
                }
            },
            CancellationToken.None);
        return classes;
    }
}
