using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Scoring;

/// <summary>What the networks made of a case.</summary>
/// <param name="Mask">The mask of all segmentors together.</param>
/// <param name="RawMask">The same before clean-up; the very same where nothing was cleaned.</param>
/// <param name="OfSegmentors">Each segmentor's own mask by role; empty where they are not written.</param>
/// <param name="Agreement">Dice between the segmentors' masks, by structure; empty where there is one segmentor.</param>
/// <param name="Probabilities">On the networks' grid; null where they are not written.</param>
internal sealed record CaseMasks(
    Volume<byte> Mask,
    Volume<byte> RawMask,
    IReadOnlyList<(string Role, Volume<byte> Mask)> OfSegmentors,
    float[] Agreement,
    ProbabilityVolume? Probabilities)
{
    // Above these, what clean-up changed is worth a look: as a volume, or as a part of the structure.
    private const double LargeMl = 5;
    private const double LargePart = 0.05;
    private const double SmallestLargePartMl = 0.5;

    /// <summary>What there is to measure on each structure.</summary>
    public StructureResult[] Measure(LabelSet labels)
    {
        var volumes = StructureVolumes.InMl(Mask, labels.ClassCount);
        var (_, extents) = StructureVolumes.ExtentsMm(Mask, labels.ClassCount);
        var (removed, filled) = CountChanges();
        return
        [
            .. labels.Structures.Select((structure, i) => new StructureResult
            {
                Name = structure.Name,
                VolumeMl = volumes[i],
                ExtentMm = extents[i],
                Agreement = i < Agreement.Length && !float.IsNaN(Agreement[i]) ? Agreement[i] : null,
                RemovedMl = removed[i + 1] * Mask.Grid.VoxelMl,
                FilledMl = filled[i + 1] * Mask.Grid.VoxelMl,
            }),
        ];
    }

    /// <summary>Doubts about the mask, one sentence each.</summary>
    public static IEnumerable<string> Doubts(IReadOnlyList<StructureResult> structures)
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

    private (long[] Removed, long[] Filled) CountChanges()
    {
        var (removed, filled) = (new long[256], new long[256]);
        if (!ReferenceEquals(Mask, RawMask))
        {
            byte[] before = RawMask.Voxels, after = Mask.Voxels;
            for (var i = before.AsSpan().CommonPrefixLength(after); i < before.Length; i++)
            {
                if (before[i] == after[i])
                    continue;
                removed[before[i]]++;
                filled[after[i]]++;
            }
        }

        return (removed, filled);
    }
}
