namespace MkdSeg.Volumes;

/// <summary>
/// How two orientations with the same axes in the same order differ: which axes run in opposite directions. Slices can then
/// be flipped one by one, without copying the volume.
/// </summary>
internal readonly record struct AxisFlips(bool X, bool Y, bool Z)
{
    /// <summary>Whether a slice is the same in both orientations.</summary>
    public bool KeepSlices => !X && !Y;

    /// <summary>Returns the flips between two orientations; null if axes are permuted.</summary>
    public static AxisFlips? Between(string from, string to)
    {
        var flips = new bool[3];
        for (var axis = 0; axis < 3; axis++)
        {
            if (Orientation.PatientAxis(from[axis]) != Orientation.PatientAxis(to[axis]))
                return null;
            flips[axis] = from[axis] != to[axis];
        }

        return new(flips[0], flips[1], flips[2]);
    }

    /// <summary>Returns the index of a slice in the other orientation.</summary>
    public int Slice(int z, int depth) => Z ? depth - 1 - z : z;

    /// <summary>Copies a slice into the other orientation; the operation is the same in both directions.</summary>
    public void Copy<T>(ReadOnlySpan<T> from, Span<T> to, int width)
    {
        var height = from.Length / width;
        for (var y = 0; y < height; y++)
        {
            var row = to.Slice(y * width, width);
            from.Slice((Y ? height - 1 - y : y) * width, width).CopyTo(row);
            if (X)
                row.Reverse();
        }
    }
}
