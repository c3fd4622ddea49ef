namespace MkdSeg.Preprocessing;

/// <summary>Class probabilities on a grid, in the layout (Z, C, Y, X) that networks output slice by slice.</summary>
public sealed class ProbabilityVolume
{
    /// <summary>Wraps an array without copying it.</summary>
    /// <exception cref="ArgumentException">The array's length is not voxels × classes.</exception>
    public ProbabilityVolume(Grid grid, int classCount, float[] values)
    {
        ArgumentNullException.ThrowIfNull(grid);
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        if (values.LongLength != grid.Size.VoxelCount * classCount)
        {
            throw new ArgumentException(
                $"{values.LongLength} probabilities were given for {grid.Size} voxels of {classCount} classes.",
                nameof(values));
        }

        Grid = grid;
        ClassCount = classCount;
        Values = values;
    }

    /// <summary>The grid of the voxels.</summary>
    public Grid Grid { get; }

    /// <summary>Number of classes, including background.</summary>
    public int ClassCount { get; }

    /// <summary>Probabilities, (Z, C, Y, X) with X fastest.</summary>
    public float[] Values { get; }

    /// <summary>Returns the probabilities of slice z, (C, Y, X); a view, not a copy.</summary>
    public Span<float> Slice(int z)
    {
        var length = ClassCount * Grid.Size.SliceLength;
        return Values.AsSpan(z * length, length);
    }

    /// <summary>Returns the most probable class of every voxel, the lower index in a tie.</summary>
    public Volume<byte> ArgMax()
    {
        var classes = new Volume<byte>(Grid);
        Parallel.For(0, Grid.Size.Z, z => ArgMax(Slice(z), ClassCount, classes.Slice(z)));
        return classes;
    }

    /// <summary>Finds the most probable class of every pixel of one slice, the lower index in a tie.</summary>
    /// <param name="slice">Probabilities (C, Y, X).</param>
    /// <param name="classCount">C, including background.</param>
    /// <param name="classes">Receives class indices (Y, X).</param>
    public static void ArgMax(ReadOnlySpan<float> slice, int classCount, Span<byte> classes)
    {
        classes.Clear();
        var length = classes.Length;
        for (var c = 1; c < classCount; c++)
        {
            var candidate = slice.Slice(c * length, length);
            for (var i = 0; i < length; i++)
            {
                if (candidate[i] > slice[(classes[i] * length) + i])
                    classes[i] = (byte)c;
            }
        }
    }
}
