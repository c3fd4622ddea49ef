namespace MkdSeg.Metrics.Internals;

/// <summary>Distances from one surface's elements to another surface, ascending, with the elements' areas.</summary>
internal sealed class SurfaceDistances
{
    private readonly double[] _distancesMm;
    private readonly double[] _areas;

    private SurfaceDistances(double[] distancesMm, double[] areas)
    {
        _distancesMm = distancesMm;
        _areas = areas;
        Area = areas.Sum();
    }

    /// <summary>The area of the whole surface, mm².</summary>
    public double Area { get; }

    /// <summary>Collects the distances at the corners on a surface.</summary>
    public static SurfaceDistances Collect(ReadOnlySpan<byte> codes, double[] areasMm2, double[] squaredMm)
    {
        var onSurface = CornerCodes.OnSurface;
        var count = 0;
        foreach (var code in codes)
            count += onSurface[code] ? 1 : 0;
        var (distances, areas) = (new double[count], new double[count]);
        for (var (i, at) = (0, 0); i < codes.Length; i++)
        {
            if (!onSurface[codes[i]])
                continue;
            distances[at] = Math.Sqrt(squaredMm[i]);
            areas[at++] = areasMm2[codes[i]];
        }

        Array.Sort(distances, areas);
        return new(distances, areas);
    }

    /// <summary>Returns the smallest distance that covers the given share of the area, mm.</summary>
    public double Percentile(double share)
    {
        // The slack keeps rounding in the sum from skipping the element that exactly completes the share.
        var wanted = share * Area * (1 - 1e-12);
        var area = 0.0;
        for (var i = 0; i < _areas.Length; i++)
        {
            area += _areas[i];
            if (area >= wanted)
                return _distancesMm[i];
        }

        return _distancesMm[^1];
    }

    /// <summary>Returns the sum of distance times area, mm³.</summary>
    public double Integral()
    {
        var sum = 0.0;
        for (var i = 0; i < _areas.Length; i++)
            sum += _distancesMm[i] * _areas[i];
        return sum;
    }

    /// <summary>Returns the area within a tolerance of the other surface, mm².</summary>
    public double AreaWithin(double toleranceMm)
    {
        var area = 0.0;
        for (var i = 0; i < _areas.Length && _distancesMm[i] <= toleranceMm; i++)
            area += _areas[i];
        return area;
    }
}
