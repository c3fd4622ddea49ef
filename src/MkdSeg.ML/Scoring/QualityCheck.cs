using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Scoring;

/// <summary>
/// Reports why a mask should not be used without review, one sentence per reason. A bundle's requirements are its
/// <see cref="QualityThresholds"/>.
/// </summary>
internal static class QualityCheck
{
    // Cross-section of a chamber or the myocardium on one face of the volume: 1.5 cm² is too large for a rounded surface.
    private const double LargestCutMm2 = 150;

    // Clean-up changes above these deserve a warning: as a volume, or as a fraction of the structure.
    private const double LargeMl = 5;
    private const double LargePart = 0.05;
    private const double SmallestLargePartMl = 0.5;

    // The blood that contrast agent enhances on its way out of the heart.
    private static readonly string[] LeftHeart = ["LV", "LA", "AA"];

    // Vessels leave any volume that does not cover their full length.
    private static readonly string[] Vessels = ["AA", "PA"];

    /// <summary>Returns reasons to doubt a volume before it is segmented.</summary>
    public static IReadOnlyList<string> Doubts(Volume<float> volume, ModelBundle bundle) =>
        bundle.Modality.Equals("CT", StringComparison.OrdinalIgnoreCase) ? HounsfieldCheck.Examine(volume) : [];

    /// <summary>Returns reasons to doubt a mask.</summary>
    /// <param name="measures">Its measures after clean-up.</param>
    /// <param name="structures">Its structures.</param>
    /// <param name="bundle">The model's thresholds, labels and modality.</param>
    public static IEnumerable<string> Doubts(
        MaskMeasures measures, IReadOnlyList<StructureResult> structures, ModelBundle bundle)
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
        int[] leftHeart = [.. bundle.LabelSet.Structures.Where(s => LeftHeart.Contains(s.Name)).Select(s => s.ClassIndex)];
        if (thresholds.NeedsContrast && measures.Percentile(leftHeart, 0.5) is { } blood
            && blood < thresholds.MinBloodHu)
        {
            yield return Text($"There is no contrast agent in the left heart's blood: the median is {blood:0} HU, but the model ")
                + Text($"needs {thresholds.MinBloodHu:0} HU or more; use a contrast-enhanced scan.");
        }

        var agreement = structures.Select(structure => structure.Agreement).OfType<double>().ToArray();
        if (agreement.Length > 0 && agreement.Average() < thresholds.MinAgreement)
        {
            yield return Text($"The segmentors agree with a Dice coefficient of only {agreement.Average():0.00}; good results ")
                + Text($"of this model reach {thresholds.MinAgreement:0.00} or more.");
        }

        foreach (var structure in structures.Where(structure => structure.VolumeMl > 0))
        {
            if (thresholds.Volumes.TryGetValue(structure.Name, out var range) && !range.Contains(structure.VolumeMl))
            {
                yield return Text($"{structure.Name} has {structure.VolumeMl:0.0} mL; {range.MinMl:0} to {range.MaxMl:0} mL are ")
                    + "plausible in adults.";
            }
        }

        string[] cut =
        [
            .. bundle.LabelSet.Structures
                .Where(structure => !Vessels.Contains(structure.Name) && measures.LargestFaceMm2(structure.ClassIndex) > LargestCutMm2)
                .Select(structure => structure.Name),
        ];
        if (cut.Length > 0)
            yield return $"The volume ends within the heart: its edge cuts {string.Join(", ", cut)}.";
        var labelled = structures.Sum(structure => structure.VolumeMl);
        var removed = structures.Sum(structure => structure.RemovedMl);
        if (removed > thresholds.MaxRemovedFraction * (labelled + removed))
        {
            yield return Text($"Clean-up removed {removed:0.0} of {labelled + removed:0.0} mL because it was not connected ")
                + "to the rest.";
        }
    }

    /// <summary>Returns remarks that are worth a look but do not make a case doubtful, one sentence each.</summary>
    public static IEnumerable<string> Warnings(IReadOnlyList<StructureResult> structures)
    {
        foreach (var structure in structures)
        {
            var before = structure.VolumeMl + structure.RemovedMl - structure.FilledMl;
            if (IsLarge(structure.RemovedMl, before))
            {
                yield return Text($"Clean-up removed {structure.RemovedMl:0.0} of {before:0.0} mL of {structure.Name}, which ")
                    + "were not connected to the rest.";
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

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
