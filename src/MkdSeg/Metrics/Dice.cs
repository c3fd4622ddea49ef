using MkdSeg.Metrics.Internals;
using MkdSeg.Volumes;

namespace MkdSeg.Metrics;

/// <summary>The Dice coefficient 2 |A ∩ B| / (|A| + |B|) over voxels.</summary>
public static class Dice
{
    /// <summary>Dice of every structure, from one pass over the voxels.</summary>
    /// <param name="predicted">Class indices that were found.</param>
    /// <param name="reference">Class indices of the annotation, on a grid of the same size.</param>
    /// <param name="classCount">Number of classes with background.</param>
    /// <returns>Element i belongs to class i + 1; NaN where both masks are empty.</returns>
    /// <exception cref="ArgumentException">Sizes differ, or a class index is not below the class count.</exception>
    public static double[] PerStructure(Volume<byte> predicted, Volume<byte> reference, int classCount)
    {
        ArgumentNullException.ThrowIfNull(predicted);
        ArgumentNullException.ThrowIfNull(reference);
        MaskPair.RequireSameSize(predicted, reference);
        Span<long> sizes = stackalloc long[256];
        Span<long> common = stackalloc long[256];
        sizes.Clear();
        common.Clear();
        var (a, b) = (predicted.Voxels, reference.Voxels);
        for (var i = 0; i < a.Length; i++)
        {
            sizes[a[i]]++;
            sizes[b[i]]++;
            if (a[i] == b[i])
                common[a[i]]++;
        }

        MaskPair.RequireClasses(sizes, classCount);
        var dice = new double[classCount - 1];
        for (var c = 1; c < classCount; c++)
            dice[c - 1] = sizes[c] == 0 ? double.NaN : 2.0 * common[c] / sizes[c];
        return dice;
    }
}
