namespace MkdSeg.ML.Scoring;

/// <summary>Says what about a mask is doubtful.</summary>
internal static class QualityCheck
{
    // Above these, what clean-up changed is worth a look: as a volume, or as a part of the structure.
    private const double LargeMl = 5;
    private const double LargePart = 0.05;
    private const double SmallestLargePartMl = 0.5;

    /// <summary>Doubts about the mask, one sentence each.</summary>
    public static IEnumerable<string> Of(IReadOnlyList<StructureResult> structures)
    {
        var missing = structures.Where(structure => structure.VolumeMl == 0).Select(structure => structure.Name).ToArray();
        if (missing.Length == structures.Count)
            yield return "No structure was found; check that the volume shows the heart.";
        else if (missing.Length > 0)
            yield return $"Not found: {string.Join(", ", missing)}.";
        foreach (var structure in structures)
        {
            var before = structure.VolumeMl + structure.RemovedMl - structure.FilledMl;
            if (IsLarge(structure.RemovedMl, before))
            {
                yield return FormattableString.Invariant(
                    $"Clean-up removed {structure.RemovedMl:0.0} of {before:0.0} mL of {structure.Name}, which were not ")
                    + "connected with the rest.";
            }

            if (IsLarge(structure.FilledMl, before))
            {
                yield return FormattableString.Invariant(
                    $"Clean-up filled cavities of {structure.FilledMl:0.0} mL in {structure.Name} ({before:0.0} mL).");
            }
        }
    }

    private static bool IsLarge(double changedMl, double beforeMl) =>
        changedMl > LargeMl || (changedMl > LargePart * beforeMl && changedMl > SmallestLargePartMl);
}
