namespace MkdSeg.Training.Data;

/// <summary>The training slices of one modality, in memory; larger than the patch, to leave room for rotation.</summary>
internal sealed class SliceDataset
{
    public SliceDataset(int side, int classCount, IReadOnlyList<TrainingSlice> slices, int channels = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        if (slices.Count == 0)
            throw new ArgumentException("A data set needs at least one slice.", nameof(slices));

        if (slices.Any(slice => slice.Planes.Count != channels || slice.Classes.Length != side * side
            || slice.Planes.Any(plane => plane.Lower.Length != side * side || plane.Upper.Length != side * side)))
        {
            throw new ArgumentException(
                $"A slice does not have {side}×{side} pixels of {channels} values.", nameof(slices));
        }

        (Side, ClassCount, Channels, Slices) = (side, classCount, channels, slices);
    }

    /// <summary>Pixels along each side of a slice.</summary>
    public int Side { get; }

    public int ClassCount { get; }

    /// <summary>Values per pixel: a slice and the neighbours that the networks see, or 3 for colour images.</summary>
    public int Channels { get; }

    /// <summary>The class beyond a slice: background, or <see cref="Datasets.LabelSet.IgnoredClass"/> if unknown.</summary>
    public byte OutsideClass { get; init; }

    public IReadOnlyList<TrainingSlice> Slices { get; }
}

/// <summary>
/// One transverse slice with its neighbours, or a square of a photograph, at the networks' resolution: a plane for each
/// channel, (Side, Side) with x fastest, and the class of every pixel,
/// <see cref="MkdSeg.Datasets.LabelSet.IgnoredClass"/> if it is not annotated.
/// </summary>
internal sealed record TrainingSlice(IReadOnlyList<SlicePlane> Planes, ReadOnlyMemory<byte> Classes)
{
    /// <summary>Creates a slice with its own memory, intensities in [-1, 1] as (C, Side, Side).</summary>
    public TrainingSlice(float[] image, byte[] classes)
        : this([.. image.Chunk(Math.Max(1, classes.Length)).Select(plane => new SlicePlane(plane, plane, 0))], classes)
    {
    }
}

/// <summary>A channel between two slices, lower + fraction · (upper − lower); slices share their memory.</summary>
internal readonly record struct SlicePlane(ReadOnlyMemory<float> Lower, ReadOnlyMemory<float> Upper, float Fraction);
