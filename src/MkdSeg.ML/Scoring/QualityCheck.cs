using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Says why a mask should not be used unseen, one sentence per reason. What a bundle needs comes from its
/// <see cref="QualityThresholds"/>.
/// </summary>
internal static class QualityCheck
{
    // Of a chamber or the myocardium, on one face of the volume: a cross-section of 1.5 cm² is no rounding of its surface.
    private const double LargestCutMm2 = 150;

    // Above these, what clean-up changed is worth a line: as a volume, or as a part of the structure.
    private const double LargeMl = 5;
    private const double LargePart = 0.05;
    private const double SmallestLargePartMl = 0.5;

    // The blood that contrast agent brightens on its way out of the heart.
    private static readonly string[] LeftHeart = ["LV", "LA", "AA"];

    // Vessels leave every volume that does not reach as far as they do.
    private static readonly string[] Vessels = ["AA", "PA"];

    /// <summary>Reasons to doubt a volume before it is segmented.</summary>
    public static IReadOnlyList<string> Doubts(Volume<float> volume, ModelBundle bundle) =>
        bundle.Modality.Equals("CT", StringComparison.OrdinalIgnoreCase) ? HounsfieldCheck.Examine(volume) : [];

    /// <summary>Reasons to doubt a mask.</summary>
    /// <param name="volume">The intensities it was made from.</param>
    /// <param name="mask">Class indices after clean-up, on the same grid.</param>
    /// <param name="structures">What was measured on it.</param>
    /// <param name="bundle">The model's thresholds, labels and modality.</param>
    public static IEnumerable<string> Doubts(
        Volume<float> volume, Volume<byte> mask, IReadOnlyList<StructureResult> structures, ModelBundle bundle)
    {
        var thresholds = bundle.EffectiveQuality;
        string[] missing = [.. structures.Where(structure => structure.VolumeMl == 0).Select(structure => structure.Name)];
        if (missing.Length == structures.Count)
        {
            yield return "No structure was found; check that the volume shows the heart.";
            yield break;
        }

        if (missing.Length > 0)
            yield return $"Not found: {string.Join(", ", missing)}.";
        if (thresholds.NeedsContrast && MedianOfBlood(volume, mask, bundle.LabelSet) is { } blood
            && blood < thresholds.MinBloodHu)
        {
            yield return Text($"There is no contrast agent in the left heart's blood: the median is {blood:0} HU where the model ")
                + Text($"needs {thresholds.MinBloodHu:0} HU or more; use a contrast-enhanced scan.");
        }

        var agreement = structures.Select(structure => structure.Agreement).OfType<double>().ToArray();
        if (agreement.Length > 0 && agreement.Average() < thresholds.MinAgreement)
        {
            yield return Text($"The segmentors agree with a Dice coefficient of {agreement.Average():0.00} only; good results ")
                + Text($"of this model have {thresholds.MinAgreement:0.00} or more.");
        }

        foreach (var structure in structures.Where(structure => structure.VolumeMl > 0))
        {
            if (thresholds.Volumes.TryGetValue(structure.Name, out var range) && !range.Contains(structure.VolumeMl))
            {
                yield return Text($"{structure.Name} has {structure.VolumeMl:0.0} mL; {range.MinMl:0} to {range.MaxMl:0} mL are ")
                    + "plausible in adults.";
            }
        }

        var cut = CutStructures(mask, bundle.LabelSet);
        if (cut.Length > 0)
            yield return $"The volume ends within the heart: its edge cuts {string.Join(", ", cut)}.";
        var labelled = structures.Sum(structure => structure.VolumeMl);
        var removed = structures.Sum(structure => structure.RemovedMl);
        if (removed > thresholds.MaxRemovedFraction * (labelled + removed))
        {
            yield return Text($"Clean-up removed {removed:0.0} of {labelled + removed:0.0} mL, because it was not connected ")
                + "with the rest.";
        }
    }

    /// <summary>What is worth a look though it makes no case doubtful, one sentence each.</summary>
    public static IEnumerable<string> Warnings(IReadOnlyList<StructureResult> structures)
    {
        foreach (var structure in structures)
        {
            var before = structure.VolumeMl + structure.RemovedMl - structure.FilledMl;
            if (IsLarge(structure.RemovedMl, before))
            {
                yield return Text($"Clean-up removed {structure.RemovedMl:0.0} of {before:0.0} mL of {structure.Name}, which ")
                    + "were not connected with the rest.";
            }

            if (IsLarge(structure.FilledMl, before))
            {
                yield return Text(
                    $"Clean-up filled cavities of {structure.FilledMl:0.0} mL in {structure.Name} ({before:0.0} mL).");
            }
        }
    }

    private static bool IsLarge(double changedMl, double beforeMl) =>
        changedMl > LargeMl || (changedMl > LargePart * beforeMl && changedMl > SmallestLargePartMl);

    /// <summary>The median intensity of the left heart's blood as it was labelled; null where none was.</summary>
    private static double? MedianOfBlood(Volume<float> volume, Volume<byte> mask, LabelSet labels)
    {
        const int lowest = -1024, bins = 4096;
        var isBlood = new bool[256];
        foreach (var structure in labels.Structures)
            isBlood[structure.ClassIndex] = LeftHeart.Contains(structure.Name);
        var histogram = new long[bins];
        var count = 0L;
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            if (!isBlood[mask.Voxels[i]] || !float.IsFinite(volume.Voxels[i]))
                continue;
            histogram[Math.Clamp((int)MathF.Round(volume.Voxels[i]) - lowest, 0, bins - 1)]++;
            count++;
        }

        if (count == 0)
            return null;
        var (bin, below) = (0, histogram[0]);
        while (2 * below < count)
            below += histogram[++bin];
        return bin + lowest;
    }

    /// <summary>The structures, vessels apart, that reach a face of the volume with a large cross-section.</summary>
    private static string[] CutStructures(Volume<byte> mask, LabelSet labels)
    {
        var (size, spacing) = (mask.Grid.Size, mask.Grid.SpacingMm);
        var areas = new double[256];
        var voxels = new long[256];
        foreach (var z in (int[])[0, size.Z - 1])
            Count(z * size.SliceLength, (size.X, 1), (size.Y, size.X), spacing.X * spacing.Y);
        foreach (var y in (int[])[0, size.Y - 1])
            Count(y * size.X, (size.X, 1), (size.Z, size.SliceLength), spacing.X * spacing.Z);
        foreach (var x in (int[])[0, size.X - 1])
            Count(x, (size.Y, size.X), (size.Z, size.SliceLength), spacing.Y * spacing.Z);
        return
        [
            .. labels.Structures.Where(structure => !Vessels.Contains(structure.Name) && areas[structure.ClassIndex] > LargestCutMm2)
                .Select(structure => structure.Name),
        ];

        void Count(int first, (int Count, int Step) inner, (int Count, int Step) outer, double pixelMm2)
        {
            Array.Clear(voxels);
            for (var i = 0; i < outer.Count; i++)
            {
                for (var j = 0; j < inner.Count; j++)
                    voxels[mask.Voxels[first + (i * outer.Step) + (j * inner.Step)]]++;
            }

            for (var c = 0; c < voxels.Length; c++)
                areas[c] = Math.Max(areas[c], voxels[c] * pixelMm2);
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
