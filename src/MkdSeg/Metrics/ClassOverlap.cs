using MkdSeg.Datasets;
using MkdSeg.Metrics.Internals;

namespace MkdSeg.Metrics;

/// <summary>Voxel counts per class in the prediction, the annotation and both, excluding ignored voxels.</summary>
internal sealed class ClassOverlap
{
    private readonly long[] _sizes;
    private readonly long[] _common;

    public ClassOverlap(int classCount) => (_sizes, _common) = (new long[classCount], new long[classCount]);

    /// <summary>Dice 2 |A ∩ B| / (|A| + |B|) of class i + 1; NaN where both masks are empty.</summary>
    public double[] Dice => PerStructure((size, common) => 2.0 * common / size);

    /// <summary>
    /// Jaccard index |A ∩ B| / |A ∪ B| of class i + 1, by which Cityscapes ranks; NaN where both masks are empty.
    /// </summary>
    public double[] IntersectionOverUnion => PerStructure((size, common) => (double)common / (size - common));

    /// <summary>Counts the voxels of one case, in one pass.</summary>
    public void Add(Volume<byte> predicted, Volume<byte> reference)
    {
        MaskPair.RequireSameSize(predicted, reference);
        Span<long> sizes = stackalloc long[256];
        Span<long> common = stackalloc long[256];
        sizes.Clear();
        common.Clear();
        var (a, b) = (predicted.Voxels, reference.Voxels);
        for (var i = 0; i < a.Length; i++)
        {
            if (b[i] == LabelSet.IgnoredClass)
                continue;
            sizes[a[i]]++;
            sizes[b[i]]++;
            if (a[i] == b[i])
                common[a[i]]++;
        }

        MaskPair.RequireClasses(sizes, _sizes.Length);
        for (var c = 0; c < _sizes.Length; c++)
        {
            _sizes[c] += sizes[c];
            _common[c] += common[c];
        }
    }

    public void Add(ClassOverlap other)
    {
        for (var c = 0; c < _sizes.Length; c++)
        {
            _sizes[c] += other._sizes[c];
            _common[c] += other._common[c];
        }
    }

    private double[] PerStructure(Func<long, long, double> ratio)
    {
        var values = new double[_sizes.Length - 1];
        for (var c = 1; c < _sizes.Length; c++)
            values[c - 1] = _sizes[c] == 0 ? double.NaN : ratio(_sizes[c], _common[c]);
        return values;
    }
}

/// <summary>The Dice coefficient 2 |A ∩ B| / (|A| + |B|) over voxels.</summary>
internal static class Dice
{
    /// <summary>Computes the Dice of every structure in one pass over the voxels.</summary>
    public static double[] PerStructure(Volume<byte> predicted, Volume<byte> reference, int classCount)
    {
        var overlap = new ClassOverlap(classCount);
        overlap.Add(predicted, reference);
        return overlap.Dice;
    }
}
