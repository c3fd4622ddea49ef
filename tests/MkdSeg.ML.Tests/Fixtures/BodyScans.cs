using MkdSeg.Common;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>
/// Phantom CT of whole bodies' parts whose fields of view, voxels and orientations differ more than those that locators are
/// trained on.
/// </summary>
internal static class BodyScans
{
    // Training used 77.
    private const ulong Seed = 20261122;

    /// <summary>A thorax in which the whole heart lies somewhere, often with abdomen or neck.</summary>
    public static PhantomVolume Thorax(int number)
    {
        var random = Stream(PhantomRegion.Thorax, number);
        var length = random.Uniform(190, 480);
        var shift = new Vector3D(
            random.Uniform(-25, 25), random.Uniform(-25, 25), random.Uniform(-0.5, 0.5) * (length - 180));
        return Make(PhantomRegion.Thorax, random, new(random.Uniform(270, 500), random.Uniform(220, 400), length), shift);
    }

    /// <summary>A thorax whose upper or lower end cuts the heart.</summary>
    public static PhantomVolume CutHeart(int number)
    {
        var random = Stream(PhantomRegion.Thorax, 1000 + number);
        var length = random.Uniform(200, 300);
        var shift = (number % 2 == 0 ? 1 : -1) * length / 2;
        return Make(PhantomRegion.Thorax, random, new(340, 280, length), new(0, 0, shift));
    }

    /// <summary>Five slices through the heart.</summary>
    public static PhantomVolume FewSlices(int number)
    {
        var random = Stream(PhantomRegion.Thorax, 2000 + number);
        var thickMm = random.Uniform(3, 8);
        return Make(
            PhantomRegion.Thorax, random, new(340, 280, 5 * thickMm), new(0, 0, random.Uniform(-25, 15)), thickMm);
    }

    /// <summary>An abdomen, a head, or a chest above the heart.</summary>
    public static PhantomVolume WithoutHeart(PhantomRegion region, int number)
    {
        var random = Stream(region, number);
        var length = random.Uniform(120, 320);
        var field = region == PhantomRegion.Head
            ? new Vector3D(random.Uniform(190, 300), random.Uniform(210, 300), length)
            : new(random.Uniform(270, 500), random.Uniform(220, 400), length);
        return Make(region, random, field, region == PhantomRegion.Thorax ? new(0, 0, 110 + (length / 2)) : default);
    }

    private static SeededRandom Stream(PhantomRegion region, int number) =>
        new SeededRandom(Seed).Derive(region.ToString()).Derive((ulong)number);

    private static PhantomVolume Make(
        PhantomRegion region, SeededRandom random, Vector3D fieldMm, Vector3D shiftMm, double? thickMm = null)
    {
        var plane = random.Uniform(4, 8);
        return PhantomGenerator.Generate(new()
        {
            Seed = random.NextUInt64(),
            Region = region,
            Variation = (PhantomVariation)random.NextInt(4),
            Scan = new()
            {
                SpacingMm = new(plane, plane, thickMm ?? random.Uniform(3, 10)),
                FieldMm = fieldMm,
                OffsetMm = shiftMm,
                Orientation = AnyOrientation(random),
            },
        });
    }

    private static string AnyOrientation(SeededRandom random)
    {
        char[] letters =
        [
            random.NextInt(2) == 0 ? 'L' : 'R', random.NextInt(2) == 0 ? 'P' : 'A', random.NextInt(2) == 0 ? 'S' : 'I',
        ];
        random.Shuffle<char>(letters);
        return new(letters);
    }
}
