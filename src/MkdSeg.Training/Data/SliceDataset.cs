namespace MkdSeg.Training.Data;

/// <summary>The training slices of one modality, all in memory. They are larger than the networks' patch on each side, so
/// that augmentation can rotate and shift without running out of image.</summary>
internal sealed class SliceDataset
{
    public SliceDataset(int side, int classCount, IReadOnlyList<TrainingSlice> slices, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (slices.Count == 0)
            throw new ArgumentException("A data set needs at least one slice.", nameof(slices));

        if (slices.Any(slice => slice.Image.Length != channels * side * side || slice.Classes.Length != side * side))
        {
            throw new ArgumentException(
                $"A slice does not have {side}×{side} pixels of {channels} values.", nameof(slices));
        }

        (Side, ClassCount, Channels, Slices) = (side, classCount, channels, slices);
    }

    /// <summary>Pixels along each side of a slice.</summary>
    public int Side { get; }

    /// <summary>Number of classes with background.</summary>
    public int ClassCount { get; }

    /// <summary>Values per pixel: 1 for intensities, 3 for colours.</summary>
    public int Channels { get; }

    /// <summary>
    /// What lies beyond a slice: background, or <see cref="MkdSeg.Datasets.LabelSet.IgnoredClass"/> where it could be anything.
    /// </summary>
    public byte OutsideClass { get; init; }

    public IReadOnlyList<TrainingSlice> Slices { get; }
}

/// <summary>
/// One transverse slice, or a square of a photograph, in the networks' resolution: (C, Side, Side) intensities in [-1, 1], x
/// fastest, and the class of every pixel, <see cref="MkdSeg.Datasets.LabelSet.IgnoredClass"/> where the annotation says nothing.
/// </summary>
internal sealed record TrainingSlice(float[] Image, byte[] Classes);
