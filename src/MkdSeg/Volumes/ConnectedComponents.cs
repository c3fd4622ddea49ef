namespace MkdSeg.Volumes;

/// <summary>Connected parts of masks.</summary>
public static class ConnectedComponents
{
    /// <summary>
    /// Keeps the part with the most voxels and clears the rest. Voxels that share a face and are not 0 belong together,
    /// whatever their values; of equal parts the first in memory stays. The input is not changed.
    /// </summary>
    public static Volume<byte> KeepLargest(Volume<byte> classes) => KeepLargest(classes, ofEachClass: false);

    /// <summary>
    /// Keeps of every class the part with the most voxels and clears the rest. Voxels that share a face and have the same
    /// value belong together; of equal parts the first in memory stays. The input is not changed.
    /// </summary>
    public static Volume<byte> KeepLargestOfEachClass(Volume<byte> classes) => KeepLargest(classes, ofEachClass: true);

    private static Volume<byte> KeepLargest(Volume<byte> classes, bool ofEachClass)
    {
        ArgumentNullException.ThrowIfNull(classes);
        var size = classes.Grid.Size;
        var (width, slice) = (size.X, size.SliceLength);
        var source = classes.Voxels;
        var component = new int[source.Length];
        var stack = new Stack<int>();
        var count = 0;
        // By class; under 0 alone where classes do not matter.
        var largest = new (int Component, long Length)[ofEachClass ? byte.MaxValue + 1 : 1];
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
                    Visit(i, i - 1);
                if (x < width - 1)
                    Visit(i, i + 1);
                if (y > 0)
                    Visit(i, i - width);
                if (y < size.Y - 1)
                    Visit(i, i + width);
                if (i >= slice)
                    Visit(i, i - slice);
                if (i < source.Length - slice)
                    Visit(i, i + slice);
            }

            ref var best = ref largest[ofEachClass ? source[seed] : 0];
            if (length > best.Length)
                best = (count, length);
        }

        var result = new Volume<byte>(classes.Grid);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] != 0 && component[i] == largest[ofEachClass ? source[i] : 0].Component)
                result.Voxels[i] = source[i];
        }

        return result;

        void Visit(int from, int to)
        {
            if (source[to] == 0 || component[to] != 0 || (ofEachClass && source[to] != source[from]))
                return;
            component[to] = count;
            stack.Push(to);
        }
    }
}
