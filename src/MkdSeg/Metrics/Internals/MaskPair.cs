namespace MkdSeg.Metrics.Internals;

internal static class MaskPair
{
    public static void RequireSameSize(Volume<byte> predicted, Volume<byte> reference)
    {
        if (predicted.Grid.Size != reference.Grid.Size)
        {
            throw new ArgumentException(
                $"The prediction has {predicted.Grid.Size} voxels, the reference {reference.Grid.Size}.",
                nameof(predicted));
        }
    }

    /// <summary>Throws if any class index is not below the class count.</summary>
    public static void RequireClasses(ReadOnlySpan<long> counts, int classCount)
    {
        var beyond = counts[Math.Min(classCount, counts.Length)..].IndexOfAnyExcept(0L);
        if (beyond >= 0)
        {
            throw new ArgumentException(
                $"Class index {classCount + beyond} was found; there are {classCount} classes, 0 to {classCount - 1}.",
                nameof(classCount));
        }
    }
}
