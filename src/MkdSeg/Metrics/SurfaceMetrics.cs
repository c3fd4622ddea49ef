using System.Buffers;
using MkdSeg.Metrics.Internals;

namespace MkdSeg.Metrics;

/// <summary>
/// Distances between the surfaces of two masks, weighted by surface area, after Nikolov et al. 2021 (J Med Internet Res
/// 23(7), "Clinically applicable segmentation of head and neck anatomy") and their "surface-distance" library.
/// </summary>
/// <remarks>
/// <para>
/// The surface of a mask passes through every voxel corner whose 2×2×2 neighbours are not all alike; its area there
/// follows from which of them are inside and from the spacing (marching cubes). Voxels outside the volume count as
/// outside the mask, so a mask that touches the border has a surface there. The distance from such a corner to the
/// other mask is the exact Euclidean distance, in mm, to the nearest corner on the other mask's surface. The voxel axes
/// are assumed to be orthogonal.
/// </para>
/// <para>
/// A directed 95th percentile is the smallest distance that covers 95 % of the surface's area; HD95 is the larger of
/// the two. Degenerate cases: see <see cref="SurfaceScores"/>.
/// </para>
/// </remarks>
internal static class SurfaceMetrics
{
    /// <summary>The default tolerance of surface Dice, mm.</summary>
    public const double DefaultToleranceMm = 2;

    private const double Percentile = 0.95;

    public static SurfaceScores[] PerStructure(
        Volume<byte> predicted, Volume<byte> reference, int classCount, double toleranceMm = DefaultToleranceMm)
    {
        MaskPair.RequireSameSize(predicted, reference);
        if (!(toleranceMm >= 0))
        {
            throw new ArgumentException(
                $"A tolerance of {toleranceMm} mm was given; it must be 0 or more.", nameof(toleranceMm));
        }

        var extents = new ClassExtents(predicted, reference);
        MaskPair.RequireClasses(extents.PredictedCounts, classCount);
        MaskPair.RequireClasses(extents.ReferenceCounts, classCount);
        var areasMm2 = SurfelAreas.Of(reference.Grid.SpacingMm);
        var scores = new SurfaceScores[classCount - 1];
        for (var c = 1; c < classCount; c++)
        {
            var (found, expected) = (extents.PredictedCounts[c], extents.ReferenceCounts[c]);
            var differenceMl = (found - expected) * reference.Grid.VoxelMl;
            scores[c - 1] = (found, expected) switch
            {
                (0, 0) => new(double.NaN, double.NaN, double.NaN, 0),
                (0, _) or (_, 0) => new(0, double.PositiveInfinity, double.PositiveInfinity, differenceMl),
                _ => Compare(predicted, reference, (byte)c, extents.Box(c), areasMm2, toleranceMm) with
                {
                    VolumeDifferenceMl = differenceMl,
                },
            };
        }

        return scores;
    }

    private static SurfaceScores Compare(
        Volume<byte> predicted,
        Volume<byte> reference,
        byte classIndex,
        VoxelBox box,
        double[] areasMm2,
        double toleranceMm)
    {
        var corners = box.Corners;
        var count = checked((int)corners.VoxelCount);
        var predictedCodes = ArrayPool<byte>.Shared.Rent(count);
        var referenceCodes = ArrayPool<byte>.Shared.Rent(count);
        var squaredMm = ArrayPool<double>.Shared.Rent(count);
        try
        {
            CornerCodes.Fill(predicted, classIndex, box, predictedCodes);
            CornerCodes.Fill(reference, classIndex, box, referenceCodes);
            var forward = Distances(from: predictedCodes, to: referenceCodes);
            var backward = Distances(from: referenceCodes, to: predictedCodes);
            var area = forward.Area + backward.Area;
            return new(
                (forward.AreaWithin(toleranceMm) + backward.AreaWithin(toleranceMm)) / area,
                Math.Max(forward.Percentile(Percentile), backward.Percentile(Percentile)),
                (forward.Integral() + backward.Integral()) / area,
                0);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(predictedCodes);
            ArrayPool<byte>.Shared.Return(referenceCodes);
            ArrayPool<double>.Shared.Return(squaredMm);
        }

        SurfaceDistances Distances(byte[] from, byte[] to)
        {
            DistanceTransform.Squared(CornerCodes.OnSurface, to, corners, reference.Grid.SpacingMm, squaredMm);
            return SurfaceDistances.Collect(from.AsSpan(0, count), areasMm2, squaredMm);
        }
    }
}

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
/// Average symmetric surface distance: the area-weighted mean over both surfaces together, mm. One empty mask: +∞. Both: NaN.
/// </param>
/// <param name="VolumeDifferenceMl">
/// Predicted volume minus annotated volume, mL; negative if too little was found. Both empty: 0.
/// </param>
public readonly record struct SurfaceScores(
    double SurfaceDice, double Hd95Mm, double AssdMm, double VolumeDifferenceMl);
