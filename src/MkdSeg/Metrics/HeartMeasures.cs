using MkdSeg.Datasets;
using MkdSeg.Metrics.Internals;

namespace MkdSeg.Metrics;

/// <summary>
/// What is measured on a heart as a whole, from structures called as in <see cref="LabelSet.WholeHeart"/>. What a label set
/// lacks, or a mask has no voxel of, is null. Definitions and sources: docs/measurements.md.
/// </summary>
public sealed record HeartMeasures
{
    // Muscle, g/mL (Vinnakota & Bassingthwaighte 2004: 1.053).
    private const double MyocardiumDensity = 1.05;

    // HU. Blood without contrast agent has 30 to 55; a bolus is in one half of the heart where the halves differ as much.
    private const double Enhanced = 90;
    private const double Bright = 200;
    private const double Different = 50;

    /// <summary>Mass of the left ventricle's myocardium, g: 1.05 g/mL.</summary>
    public double? LvMassG { get; init; }

    /// <summary>The largest diameter of the ascending aorta perpendicular to its own axis, mm.</summary>
    public double? AortaMm { get; init; }

    /// <summary>The largest diameter of the pulmonary trunk perpendicular to its own axis, mm.</summary>
    public double? PulmonaryTrunkMm { get; init; }

    /// <summary>The pulmonary trunk's diameter divided by the aorta's.</summary>
    public double? PulmonaryToAorta { get; init; }

    /// <summary>What the blood's brightness looks like; null where intensities are no Hounsfield units.</summary>
    public ContrastPhase? Phase { get; init; }

    /// <summary>Body surface by Mosteller's formula, m², from the DICOM header's size and weight.</summary>
    public double? BodySurfaceM2 { get; init; }

    internal static HeartMeasures Of(MaskMeasures measures, Volume<byte> mask, LabelSet labels, double? bodySurfaceM2)
    {
        var classes = labels.Structures.ToDictionary(structure => structure.Name, structure => structure.ClassIndex, StringComparer.Ordinal);
        var (aorta, trunk) = (Diameter("AA"), Diameter("PA"));
        return new()
        {
            LvMassG = classes.TryGetValue("MYO", out var myo) && measures.Count(myo) > 0
                ? measures.VolumeMl(myo) * MyocardiumDensity
                : null,
            AortaMm = aorta,
            PulmonaryTrunkMm = trunk,
            PulmonaryToAorta = trunk / aorta,
            Phase = PhaseOf(Blood("LV", "LA", "AA"), Blood("RV", "RA", "PA")),
            BodySurfaceM2 = bodySurfaceM2,
        };

        double? Diameter(string name) => classes.TryGetValue(name, out var c)
            ? VesselDiameter.LargestMm(mask, (byte)c, measures.Box(c), measures.Count(c))
            : null;

        double? Blood(params string[] names) =>
            measures.Percentile([.. names.Where(classes.ContainsKey).Select(name => classes[name])], 0.5);
    }

    /// <summary>The phase by the medians of left and right blood, HU.</summary>
    internal static ContrastPhase? PhaseOf(double? left, double? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (< Enhanced, < Enhanced) => ContrastPhase.Native,
        _ when left - right >= Different => ContrastPhase.Arterial,
        _ when right - left >= Different => ContrastPhase.Pulmonary,
        _ => left + right >= 2 * Bright ? ContrastPhase.Mixed : ContrastPhase.Venous,
    };
}

/// <summary>When after the injection of contrast agent a CT looks to have been taken.</summary>
public enum ContrastPhase
{
    /// <summary>Without contrast agent.</summary>
    Native,

    /// <summary>The left heart is brighter than the right.</summary>
    Arterial,

    /// <summary>The right heart is brighter than the left.</summary>
    Pulmonary,

    /// <summary>Both are alike and bright, as after an injection in two phases.</summary>
    Mixed,

    /// <summary>Both are alike and little enhanced.</summary>
    Venous,
}
