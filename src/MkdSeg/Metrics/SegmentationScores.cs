namespace MkdSeg.Metrics;

/// <summary>How well the masks of one case agree.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Dice">Per structure in the label set's order; NaN where neither mask has a voxel.</param>
public sealed record SegmentationScores(string CaseId, IReadOnlyList<double> Dice)
{
    /// <summary>
    /// Intersection over union per structure in the label set's order, NaN where neither mask has a voxel; null if not
    /// computed.
    /// </summary>
    public IReadOnlyList<double>? IntersectionOverUnion { get; init; }

    /// <summary>Surface distances and volumes per structure in the label set's order; null if not computed.</summary>
    public IReadOnlyList<SurfaceScores>? Surfaces { get; init; }

    /// <summary>The tolerance of surface Dice in <see cref="Surfaces"/>, mm.</summary>
    public double SurfaceToleranceMm { get; init; } = SurfaceMetrics.DefaultToleranceMm;

    /// <summary>Mean Dice over the structures that have a value; NaN if none has one.</summary>
    public double Mean => ScoreTable.MeanOfNumbers(Dice);

    /// <summary>Compares the masks of one case.</summary>
    /// <param name="caseId">The case.</param>
    /// <param name="predicted">Class indices of the prediction.</param>
    /// <param name="reference">Class indices of the annotation, on the same grid.</param>
    /// <param name="classCount">Number of classes, including background.</param>
    /// <param name="surfaceToleranceMm">The tolerance of surface Dice, mm; null for the voxel-based scores only.</param>
    /// <exception cref="ArgumentException">Sizes differ, or a class index is not below the class count.</exception>
    public static SegmentationScores Compare(
        string caseId,
        Volume<byte> predicted,
        Volume<byte> reference,
        int classCount,
        double? surfaceToleranceMm = null)
    {
        var overlap = new ClassOverlap(classCount);
        overlap.Add(predicted, reference);
        var scores = Of(caseId, overlap);
        return surfaceToleranceMm is not { } tolerance
            ? scores
            : scores with
            {
                Surfaces = SurfaceMetrics.PerStructure(predicted, reference, classCount, tolerance),
                SurfaceToleranceMm = tolerance,
            };
    }

    internal static SegmentationScores Of(string caseId, ClassOverlap overlap)
    {
        ArgumentNullException.ThrowIfNull(overlap);
        return new(caseId, overlap.Dice) { IntersectionOverUnion = overlap.IntersectionOverUnion };
    }

    /// <summary>One metric per structure, in the label set's order.</summary>
    /// <exception cref="InvalidOperationException">The metric was not computed.</exception>
    public IReadOnlyList<double> Values(SegmentationMetric metric) => metric switch
    {
        SegmentationMetric.Dice => Dice,
        SegmentationMetric.IntersectionOverUnion => IntersectionOverUnion ?? throw new InvalidOperationException(
            $"Case {CaseId} has no intersection over union; compare its masks to compute it."),
        _ when Surfaces is null => throw new InvalidOperationException(
            $"Case {CaseId} has no surface metrics; compare with a surface tolerance to compute {metric}."),
        SegmentationMetric.SurfaceDice => [.. Surfaces.Select(scores => scores.SurfaceDice)],
        SegmentationMetric.Hd95 => [.. Surfaces.Select(scores => scores.Hd95Mm)],
        SegmentationMetric.Assd => [.. Surfaces.Select(scores => scores.AssdMm)],
        SegmentationMetric.VolumeDifference => [.. Surfaces.Select(scores => scores.VolumeDifferenceMl)],
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Not a metric."),
    };
}
