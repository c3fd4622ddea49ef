using System.Globalization;
using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Metrics;

namespace MkdSeg.ML.Scoring;

/// <summary>Builds the page of measurements that precedes an overlay's images.</summary>
internal static class OverlayPage
{
    /// <summary>Returns the lines, with colours for the lines of structures.</summary>
    public static IReadOnlyList<(string Text, string? Colour)> Lines(
        string caseName,
        ModelBundle bundle,
        LabelSet labels,
        IReadOnlyList<StructureResult> structures,
        HeartMeasures heart,
        bool isDoubtful)
    {
        (string, double?, string)[] measures =
        [
            ("LV MASS", heart.LvMassG, "0 g"), ("AORTA", heart.AortaMm, "0.0 mm"), ("PULMONARY TRUNK", heart.PulmonaryTrunkMm, "0.0 mm"),
            ("TRUNK / AORTA", heart.PulmonaryToAorta, "0.00"), ("BODY SURFACE", heart.BodySurfaceM2, "0.00 m2"),
        ];
        return
        [
            ("RESEARCH USE ONLY - NOT FOR DIAGNOSIS", null),
            ("AUTOMATIC SEGMENTATION", null),
            ($"MKDSEG {LibraryVersion.Of(typeof(OverlayPage))} {bundle.Name}", null),
            (caseName, null),
            (isDoubtful ? "DOUBTFUL: SEE RESULTS.CSV" : "", null),
            .. structures.Zip(labels.Structures, (found, structure) => (Line(found), (string?)structure.Color)),
            ("", null),
            .. measures.Where(measure => measure.Item2 is not null)
                .Select(measure => ($"{measure.Item1} {measure.Item2!.Value.ToString(measure.Item3, CultureInfo.InvariantCulture)}", (string?)null)),
            (heart.Phase is { } phase ? $"CONTRAST {phase}" : "", null),
            (structures.Any(found => found.IsCut) ? ">= : CUT BY THE EDGE OF THE VOLUME" : "", null),
        ];
    }

    private static string Line(StructureResult found) => string.Create(
        CultureInfo.InvariantCulture,
        $"{found.Name,-5} {(found.IsCut ? ">=" : "  ")}{found.VolumeMl,7:0.0} ML")
        + (found.Hounsfield is { } hu ? string.Create(CultureInfo.InvariantCulture, $" {hu.Mean,6:0} HU") : "");
}
