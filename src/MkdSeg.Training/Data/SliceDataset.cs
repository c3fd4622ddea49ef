namespace MkdSeg.Training.Data;

/// <summary>The training slices of one modality, all in memory.</summary>
public sealed class SliceDataset
{
    /// <summary>Collects slices.</summary>
    /// <param name="side">Pixels along each side of a slice; larger than the networks' patch, so that augmentation can
    /// turn and shift without running out of image.</param>
    /// <param name="classCount">Number of classes with background.</param>
    /// <param name="slices">The slices.</param>
    /// <exception cref="ArgumentException">There is no slice, or one has another size.</exception>
    public SliceDataset(int side, int classCount, IReadOnlyList<TrainingSlice> slices)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentNullException.ThrowIfNull(slices);
        if (slices.Count == 0)
        {
            throw new ArgumentException("A data set needs at least one slice.", nameof(slices));
        }

        if (slices.Any(slice => slice.Image.Length != side * side || slice.Classes.Length != side * side))
        {
            throw new ArgumentException($"A slice does not have {side}×{side} pixels.", nameof(slices));
        }

        (Side, ClassCount, Slices) = (side, classCount, slices);
    }

    /// <summary>Pixels along each side of a slice.</summary>
    public int Side { get; }

    /// <summary>Number of classes with background.</summary>
    public int ClassCount { get; }

    /// <summary>The slices.</summary>
    public IReadOnlyList<TrainingSlice> Slices { get; }
}
