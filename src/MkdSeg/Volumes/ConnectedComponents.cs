namespace MkdSeg.Volumes;

/// <summary>Connected parts of masks.</summary>
public static class ConnectedComponents
{
    /// <summary>
    /// Keeps the part with the most voxels and clears the rest. Voxels that share a face and are not 0 belong together,
    /// whatever their values; of equal parts the first in memory stays. The input is not changed.
    /// </summary>
    public static Volume<byte> KeepLargest(Volume<byte> classes)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var size = classes.Grid.Size;
        var (width, slice) = (size.X, size.SliceLength);
        var source = classes.Voxels;
        var component = new int[source.Length];
        var stack = new Stack<int>();
        var (count, largest, largestLength) = (0, 0, 0L);
        for (var seed = 0; seed < source.Length; seed++)
        {
            if (source[seed] == 0 || component[seed] != 0)
                continue;
            count++;
            var length = 0L;
            component[seed] = count;
            stack.Push(seed);
            while (stack.TryPop(out var i))
            {
                length++;
                var x = i % width;
                var y = i % slice / width;
                if (x > 0)
                    Visit(i - 1);
                if (x < width - 1)
                    Visit(i + 1);
                if (y > 0)
                    Visit(i - width);
                if (y < size.Y - 1)
                    Visit(i + width);
                if (i >= slice)
                    Visit(i - slice);
                if (i < source.Length - slice)
                    Visit(i + slice);
            }

            if (length > largestLength)
                (largest, largestLength) = (count, length);
        }

        var result = new Volume<byte>(classes.Grid);
        for (var i = 0; i < source.Length; i++)
        {
            if (component[i] == largest)
                result.Voxels[i] = source[i];
        }

        return result;

        void Visit(int i)
        {
            if (source[i] == 0 || component[i] != 0)
                return;
            component[i] = count;
            stack.Push(i);
        }
    }
}
