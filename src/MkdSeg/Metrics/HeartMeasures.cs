using MkdSeg.Datasets;
using MkdSeg.Metrics.Internals;

namespace MkdSeg.Metrics;

/// <summary>
/// Measurements of the whole heart, from structures named as in <see cref="LabelSet.WholeHeart"/>. A value is null if the
/// label set lacks its structure or the mask has no voxels of it. Definitions and sources: docs/measurements.md.
/// </summary>
public sealed record HeartMeasures
{
    // Muscle, g/mL (Vinnakota & Bassingthwaighte 2004: 1.053).
    private const double MyocardiumDensity = 1.05;

    // HU. Blood without contrast agent has 30 to 55; if the sides of the heart differ by Different, the bolus is in one.
    private const double Enhanced = 90;
    private const double Bright = 200;
    private const double Different = 50;

    /// <summary>Mass of the left ventricular myocardium, g, at 1.05 g/mL.</summary>
    public double? LvMassG { get; init; }

    /// <summary>The largest diameter of the ascending aorta perpendicular to its own axis, mm.</summary>
    public double? AortaMm { get; init; }

    /// <summary>The largest diameter of the pulmonary trunk perpendicular to its own axis, mm.</summary>
    public double? PulmonaryTrunkMm { get; init; }

    /// <summary>The pulmonary trunk's diameter divided by the aorta's.</summary>
    public double? PulmonaryToAorta { get; init; }

    /// <summary>The contrast phase suggested by blood intensities; null if intensities are not Hounsfield units.</summary>
    public ContrastPhase? Phase { get; init; }

    /// <summary>Body surface area by Mosteller's formula, m², from the height and weight in the DICOM header.</summary>
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

    /// <summary>Determines the phase from the median intensities of the left and the right heart's blood, HU.</summary>
    internal static ContrastPhase? PhaseOf(double? left, double? right) => (left, right) switch
    {
        (null, _) or (_, null) => null,
        (< Enhanced, < Enhanced) => ContrastPhase.Native,
        _ when left - right >= Different => ContrastPhase.Arterial,
        _ when right - left >= Different => ContrastPhase.Pulmonary,
        _ => left + right >= 2 * Bright ? ContrastPhase.Mixed : ContrastPhase.Venous,
    };
}

/// <summary>The apparent timing of a CT after the injection of contrast agent.</summary>
public enum ContrastPhase
{
    /// <summary>Without contrast agent.</summary>
    Native,

    /// <summary>The left heart is brighter than the right.</summary>
    Arterial,

    /// <summary>The right heart is brighter than the left.</summary>
    Pulmonary,

    /// <summary>Both sides are similar and bright, as after a two-phase injection.</summary>
    Mixed,

    /// <summary>Both sides are similar and weakly enhanced.</summary>
    Venous,
}
