namespace MkdSeg.Metrics;

/// <summary>What a <see cref="ScoreTable"/> shows.</summary>
public enum SegmentationMetric
{
    /// <summary>Dice over voxels, 0 to 1; see <see cref="Metrics.Dice"/>.</summary>
    Dice,

    /// <summary>Dice over surface area at a tolerance, 0 to 1.</summary>
    SurfaceDice,

    /// <summary>95 % Hausdorff distance, mm.</summary>
    Hd95,

    /// <summary>Average symmetric surface distance, mm.</summary>
    Assd,

    /// <summary>Predicted volume less annotated volume, mL.</summary>
    VolumeDifference,

    /// <summary>Intersection over union of voxels, 0 to 1; see <see cref="ClassOverlap.IntersectionOverUnion"/>.</summary>
    IntersectionOverUnion,
}
