namespace MkdSeg.Metrics;

/// <summary>
/// How well the outline and the size of one structure agree, as <see cref="SurfaceMetrics"/> computes them.
/// </summary>
/// <param name="SurfaceDice">
/// The share of both surfaces' area within the tolerance of the other surface, 0 to 1. One empty mask: 0. Both: NaN.
/// </param>
/// <param name="Hd95Mm">
/// The larger of the two directed 95th percentiles of surface distance, mm. One empty mask: +∞. Both: NaN.
/// </param>
/// <param name="AssdMm">
/// Average symmetric surface distance: the mean over both surfaces together, by area, mm. One empty mask: +∞. Both:
/// NaN.
/// </param>
/// <param name="VolumeDifferenceMl">
/// Volume of the prediction less that of the annotation, mL; negative where too little was found. Both empty: 0.
/// </param>
public readonly record struct SurfaceScores(
    double SurfaceDice, double Hd95Mm, double AssdMm, double VolumeDifferenceMl);
