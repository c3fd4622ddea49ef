namespace MkdSeg.Training.Data;

/// <summary>The training slices of one modality, all in memory.</summary>
public sealed class SliceDataset
{
    /// <summary>Collects slices.</summary>
    /// <param name="side">Pixels along each side of a slice; larger than the networks' patch, so that augmentation can
    /// turn and shift without running out of image.</param>
    /// <param name="classCount">Number of classes with background.</param>
    /// <param name="slices">The slices.</param>
    /// <param name="channels">Values per pixel.</param>
    /// <exception cref="ArgumentException">There is no slice, or one has another size.</exception>
    public SliceDataset(int side, int classCount, IReadOnlyList<TrainingSlice> slices, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentNullException.ThrowIfNull(slices);
        if (slices.Count == 0)
        {
            throw new ArgumentException("A data set needs at least one slice.", nameof(slices));
        }

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

    /// <summary>The slices.</summary>
    public IReadOnlyList<TrainingSlice> Slices { get; }
}
