
namespace MkdSeg.Volumes;

/// <summary>Connected components of masks, and cavities within them. Voxels that share a face are connected.</summary>
internal static class ConnectedComponents
{
    /// <summary>
    /// Keeps the component with the most voxels and clears the rest. Nonzero voxels that share a face are connected,
    /// whatever their values; of equally large components, the first in memory is kept.
    /// </summary>
    /// <returns>The input itself if nothing is to be cleared; it is never changed.</returns>
    public static Volume<byte> KeepLargest(Volume<byte> classes) => KeepLargest(classes, joinStructures: true);

    /// <summary>
    /// Keeps the component with the most voxels for every class and clears the rest. Voxels that share a face and have the
    /// same value are connected; of equally large components, the first in memory is kept.
    /// </summary>
    /// <returns>The input itself if nothing is to be cleared; it is never changed.</returns>
    public static Volume<byte> KeepLargestOfEachClass(Volume<byte> classes) =>
        KeepLargest(classes, joinStructures: false);

    /// <summary>
    /// Fills cavities: connected background enclosed by a single class is assigned to that class. Background that reaches
    /// the volume's border or touches two classes is not a cavity.
    /// </summary>
    /// <param name="classes">Class indices.</param>
    /// <param name="largestMl">Cavities larger than this volume, in mL, are kept.</param>
    /// <returns>The input itself if nothing is to be filled; it is never changed.</returns>
    public static Volume<byte> FillHoles(Volume<byte> classes, double largestMl = double.PositiveInfinity)
    {
        if (double.IsNaN(largestMl) || largestMl < 0)
            throw new ArgumentOutOfRangeException(nameof(largestMl), largestMl, "The volume must be 0 mL or more.");
        if (BoxOf(classes) is not { } box)
            return classes;
        // A background voxel on a face of the box around all structures is connected to the outside or part of it.
        var parts = new RunComponents(classes, box, joinStructures: false);
        var cavities = new Dictionary<int, Cavity>();
        parts.ForEachRun((run, _, atFace) =>
        {
            if (parts.ValueOf(run) != 0)
                return;
            var part = parts.PartOf(run);
            var cavity = cavities.GetValueOrDefault(part);
            cavities[part] = cavity with { Length = cavity.Length + parts.LengthOf(run), IsOpen = cavity.IsOpen || atFace };
        });
        parts.ForEachTouch((a, b) =>
        {
            var (background, other) = parts.ValueOf(a) == 0 ? (a, b) : (b, a);
            if (parts.ValueOf(background) != 0 || parts.ValueOf(other) is not (> 0 and var value))
                return;
            var part = parts.PartOf(background);
            var cavity = cavities[part];
            cavities[part] = cavity with
            {
                Enclosing = value, IsOpen = cavity.IsOpen || (cavity.Enclosing != 0 && cavity.Enclosing != value),
            };
        });
        var largest = largestMl / classes.Grid.VoxelMl;
        if (!cavities.Values.Any(IsFilled))
            return classes;
        var result = new Volume<byte>(classes.Grid, (byte[])classes.Voxels.Clone());
        parts.ForEachRun((run, start, _) =>
        {
            if (parts.ValueOf(run) == 0 && cavities[parts.PartOf(run)] is var cavity && IsFilled(cavity))
                result.Voxels.AsSpan(start, parts.LengthOf(run)).Fill(cavity.Enclosing);
        });
        return result;

        // Slightly above the limit, because 1 mL is not always a whole number of voxels.
        bool IsFilled(Cavity cavity) => !cavity.IsOpen && cavity.Length <= largest * (1 + 1e-9);
    }

    private static Volume<byte> KeepLargest(Volume<byte> classes, bool joinStructures)
    {
        if (BoxOf(classes) is not { } box)
            return classes;
        var parts = new RunComponents(classes, box, joinStructures);
        var lengths = new long[parts.RunCount];
        for (var run = 0; run < parts.RunCount; run++)
            lengths[parts.PartOf(run)] += parts.LengthOf(run);
        var largest = new int[byte.MaxValue + 1];
        Array.Fill(largest, -1);
        var (kept, all) = (0L, 0L);
        for (var part = 0; part < lengths.Length; part++)
        {
            if (lengths[part] == 0 || parts.ValueOf(part) == 0)
                continue;
            all += lengths[part];
            ref var best = ref largest[parts.ValueOf(part)];
            if (best < 0 || lengths[part] > lengths[best])
                best = part;
        }

        kept = largest.Sum(part => part < 0 ? 0 : lengths[part]);
        if (kept == all)
            return classes;
        var result = new Volume<byte>(classes.Grid, (byte[])classes.Voxels.Clone());
        parts.ForEachRun((run, start, _) =>
        {
            if (parts.ValueOf(run) is > 0 and var value && parts.PartOf(run) != largest[value])
                result.Voxels.AsSpan(start, parts.LengthOf(run)).Clear();
        });
        return result;
    }

    private static VoxelBox? BoxOf(Volume<byte> classes)
    {
        var box = new ClassExtents(classes).WholeBox;
        return box == default ? null : box;
    }

    private readonly record struct Cavity(long Length, byte Enclosing, bool IsOpen);
}
