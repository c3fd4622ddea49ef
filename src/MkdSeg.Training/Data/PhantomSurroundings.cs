using MkdSeg.Datasets;
using MkdSeg.Phantom;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Data;

/// <summary>
/// Phantom volumes of anatomy that heart data sets do not show: whole thoraxes with abdomen and neck, and abdomens, heads and
/// upper chests without a heart. Their voxels are about as large as the locator's.
/// </summary>
internal static class PhantomSurroundings
{
    // The thorax without a heart lies above the heart.
    private static readonly PhantomRegion[] WithoutHeart = [PhantomRegion.Abdomen, PhantomRegion.Head, PhantomRegion.Thorax];

    // From the heart's centre to well above the aortic arch, so that no heart voxel remains.
    private const double AboveHeartMm = 105;

    /// <summary>Generates the volumes; none if the phantom does not support the modality or one of the structures.</summary>
    public static IEnumerable<LocatorCase> Make(
        LocatorOptions options,
        string modality,
        LabelSet labels,
        SeededRandom random,
        CancellationToken cancellation = default)
    {
        var known = LabelSet.WholeHeart.Structures.ToDictionary(s => s.Name, s => s.ClassIndex, StringComparer.Ordinal);
        if (ModalityOf(modality) is not { } kind || !labels.Structures.All(structure => known.ContainsKey(structure.Name)))
            yield break;
        var isHeart = new bool[LabelSet.WholeHeart.ClassCount];
        foreach (var structure in labels.Structures)
            isHeart[known[structure.Name]] = true;
        for (var i = 0; i < options.PhantomThoraxes + options.PhantomOthers; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var hasHeart = i < options.PhantomThoraxes;
            var region = hasHeart
                ? PhantomRegion.Thorax
                : WithoutHeart[(i - options.PhantomThoraxes) % WithoutHeart.Length];
            var volume = PhantomGenerator.Generate(Request(region, hasHeart, kind, options, random.Derive((ulong)i)));
            foreach (ref var index in volume.Classes.Voxels.AsSpan())
                index = isHeart[index] ? (byte)1 : (byte)0;
            yield return LocatorCase.Of(volume.Image, volume.Classes, options.Settings);
        }
    }

    private static PhantomModality? ModalityOf(string modality) => modality.ToUpperInvariant() switch
    {
        "CT" => PhantomModality.Ct,
        "MR" or "MRI" => PhantomModality.Mr,
        _ => null,
    };

    private static PhantomRequest Request(
        PhantomRegion region, bool hasHeart, PhantomModality modality, LocatorOptions options, SeededRandom random)
    {
        var settings = options.Settings;
        var inPlane = settings.SpacingMm * random.Uniform(0.95, 1.15);
        var slice = settings.SpacingMm * random.Uniform(0.95, 1.3);
        var length = hasHeart ? random.Uniform(220, 420) : random.Uniform(150, 280);
        return new()
        {
            Seed = random.NextUInt64(),
            Region = region,
            Modality = modality,
            Variation = options.PhantomVariation,
            Scan = new()
            {
                SpacingMm = new(inPlane, inPlane, slice),
                FieldMm = region == PhantomRegion.Head
                    ? new(random.Uniform(200, 280), random.Uniform(220, 280), length)
                    : new(random.Uniform(300, 440), random.Uniform(240, 340), length),
                OffsetMm = new(
                    random.Uniform(-20, 20),
                    random.Uniform(-20, 20),
                    hasHeart ? random.Uniform(-90, 60) : region == PhantomRegion.Thorax ? AboveHeartMm + (length / 2) : 0),
            },
        };
    }
}
