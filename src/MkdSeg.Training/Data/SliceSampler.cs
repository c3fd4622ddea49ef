using MkdSeg.Common;
using MkdSeg.Training.Checkpoints;

namespace MkdSeg.Training.Data;

/// <summary>
/// Draws batches of varied slices: every slice once per epoch, in an order shuffled anew for each epoch. One seed gives one
/// sequence.
/// </summary>
public sealed class SliceSampler : ICheckpointed
{
    private readonly SliceDataset _dataset;
    private readonly AugmentationOptions _augmentation;
    private readonly SeededRandom _random;
    private readonly int[] _order;
    private int _next;

    /// <summary>A sampler at the beginning of its first epoch.</summary>
    public SliceSampler(SliceDataset dataset, AugmentationOptions augmentation, int patchSize, SeededRandom random)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(augmentation);
        ArgumentNullException.ThrowIfNull(random);
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        (_dataset, _augmentation, PatchSize, _random) = (dataset, augmentation, patchSize, random);
        _order = [.. Enumerable.Range(0, dataset.Slices.Count)];
        _next = _order.Length;
    }

    /// <summary>Pixels along each side of a drawn slice.</summary>
    public int PatchSize { get; }

    /// <summary>Number of classes with background.</summary>
    public int ClassCount => _dataset.ClassCount;

    /// <summary>Values per pixel.</summary>
    public int Channels => _dataset.Channels;

    /// <summary>Slices in an epoch.</summary>
    public int SlicesPerEpoch => _order.Length;

    /// <summary>Draws as many slices as the arrays hold.</summary>
    /// <param name="images">(N, C, patch, patch), overwritten with intensities in [-1, 1].</param>
    /// <param name="oneHot">(N, K, patch, patch), overwritten with one-hot annotations, 0 at ignored pixels.</param>
    /// <exception cref="ArgumentException">The arrays are not of the same number of samples.</exception>
    public void Draw(float[] images, float[] oneHot)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(oneHot);
        var pixels = PatchSize * PatchSize;
        var (imageLength, oneHotLength) = (pixels * Channels, pixels * ClassCount);
        var count = images.Length / imageLength;
        if (images.Length != count * imageLength || oneHot.Length != count * oneHotLength)
        {
            throw new ArgumentException(
                $"{images.Length} intensities and {oneHot.Length} class values do not make samples of "
                + $"{PatchSize}×{PatchSize} pixels, {Channels} channels and {ClassCount} classes.", nameof(oneHot));
        }

        for (var n = 0; n < count; n++)
        {
            var slice = _dataset.Slices[NextSlice()];
            SliceAugmentation.Draw(_augmentation, _random).Apply(
                slice,
                _dataset,
                PatchSize,
                images.AsSpan(n * imageLength, imageLength),
                oneHot.AsSpan(n * oneHotLength, oneHotLength));
        }
    }

    /// <inheritdoc/>
    public void Save(CheckpointWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Write("random", _random.State);
        writer.Write("next", _next);
        writer.Write("order", _order);
    }

    /// <inheritdoc/>
    public void Load(CheckpointReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _random.State = reader.Read<RandomState>("random");
        _next = reader.Read<int>("next");
        reader.Read<int[]>("order").CopyTo(_order, 0);
    }

    private int NextSlice()
    {
        if (_next == _order.Length)
        {
            _random.Shuffle(_order.AsSpan());
            _next = 0;
        }

        return _order[_next++];
    }
}
