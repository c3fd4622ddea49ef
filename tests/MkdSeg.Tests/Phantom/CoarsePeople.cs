using System.Collections.Concurrent;
using MkdSeg.Common;
using MkdSeg.Phantom;
using MkdSeg.Phantom.Internals;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Phantom;

/// <summary>
/// Twenty people's labels of a variation at 3 mm (sixty's of the variation clinical at 4 mm), with volumes, centres and
/// contacts; made once for all tests.
/// </summary>
internal static class CoarsePeople
{
    public const int ClassCount = 8;
    public static readonly string[] Names = ["background", "MYO", "LA", "LV", "RA", "RV", "AA", "PA"];

    private static readonly ConcurrentDictionary<PhantomVariation, Lazy<Person[]>> Made = new();

    public static Person[] Of(PhantomVariation variation) => Made.GetOrAdd(variation, chosen => new(() =>
        Enumerable.Range(0, chosen == PhantomVariation.Clinical ? 60 : 20).AsParallel().AsOrdered()
            .Select(seed => Measure((ulong)seed + 100, chosen)).ToArray()))
        .Value;

    public static int IndexOf(string name) => Array.IndexOf(Names, name);

    private static Person Measure(ulong seed, PhantomVariation variation)
    {
        var spacing = variation == PhantomVariation.Clinical ? 4.0 : 3.0;
        var anatomy = new PhantomAnatomy(new SeededRandom(seed), variation);
        var extent = anatomy.HeartHigh - anatomy.HeartLow;
        var size = new GridSize(
            (int)(extent.X / spacing) + 3, (int)(extent.Y / spacing) + 3, (int)(extent.Z / spacing) + 3);
        var margin = new Vector3D(spacing, spacing, spacing);
        var grid = new Grid(size, margin, anatomy.HeartLow - margin, Direction.Identity);
        var labels = new Volume<byte>(grid, new TissueRaster(anatomy, grid).Classes());
        var counts = new int[ClassCount];
        var sums = new Vector3D[ClassCount];
        var contacts = new int[ClassCount, ClassCount];
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    var label = labels[x, y, z];
                    counts[label]++;
                    sums[label] += grid.ToPoint(new(x, y, z));
                    Touch(label, x + 1 < size.X ? labels[x + 1, y, z] : label);
                    Touch(label, y + 1 < size.Y ? labels[x, y + 1, z] : label);
                    Touch(label, z + 1 < size.Z ? labels[x, y, z + 1] : label);
                }
            }
        }

        return new(
            [.. counts.Select(count => count * grid.VoxelMl)],
            [.. sums.Zip(counts, (sum, count) => sum * (1.0 / Math.Max(count, 1)))],
            contacts,
            labels,
            seed);

        void Touch(byte a, byte b)
        {
            if (a == b)
                return;
            contacts[a, b]++;
            contacts[b, a]++;
        }
    }

    /// <param name="VolumesMl">By class index.</param>
    /// <param name="CentresMm">By class index, LPS from the heart's centre.</param>
    /// <param name="Contacts">Shared voxel faces of two classes.</param>
    /// <param name="Labels">Class indices.</param>
    /// <param name="Seed">The person's seed.</param>
    internal sealed record Person(
        double[] VolumesMl, Vector3D[] CentresMm, int[,] Contacts, Volume<byte> Labels, ulong Seed);
}
