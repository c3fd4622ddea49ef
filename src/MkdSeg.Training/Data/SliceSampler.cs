using MkdSeg.Training.Running;

namespace MkdSeg.Training.Data;

/// <summary>Draws varied slices, each once per epoch in a new random order; the seed determines the sequence.</summary>
internal sealed class SliceSampler : IBatchSource
{
    private readonly SliceDataset _dataset;
    private readonly AugmentationOptions _augmentation;
    private readonly SeededRandom _random;
    private readonly int[] _order;
    private int _next;

    public SliceSampler(SliceDataset dataset, AugmentationOptions augmentation, int patchSize, SeededRandom random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patchSize, 1);
        (_dataset, _augmentation, PatchSize, _random) = (dataset, augmentation, patchSize, random);
        _order = [.. Enumerable.Range(0, dataset.Slices.Count)];
        _next = _order.Length;
    }

    public int PatchSize { get; }
    public int ClassCount => _dataset.ClassCount;
    public int Channels => _dataset.Channels;
    public int SlicesPerEpoch => _order.Length;

    public void Draw(float[] images, float[] oneHot)
    {
        var pixels = PatchSize * PatchSize;
        var (imageLength, oneHotLength) = (pixels * Channels, pixels * ClassCount);
        var count = images.Length / imageLength;
        if (images.Length != count * imageLength || oneHot.Length != count * oneHotLength)
        {
            throw new ArgumentException(
                $"{images.Length} intensities and {oneHot.Length} class values do not form samples of "
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

    public void Save(CheckpointWriter writer)
    {
        writer.Write("random", _random.State);
        writer.Write("next", _next);
        writer.Write("order", _order);
    }

    public void Load(CheckpointReader reader)
    {
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
