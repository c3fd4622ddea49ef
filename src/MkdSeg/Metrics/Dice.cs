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
        var overlap = new ClassOverlap(classCount);
        overlap.Add(predicted, reference);
        return overlap.Dice;
    }
}
