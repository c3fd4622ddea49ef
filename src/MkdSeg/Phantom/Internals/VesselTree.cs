namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Tubes as chains of tapered capsules, with a grid of buckets so that a point is checked only against nearby capsules.
/// </summary>
internal sealed class VesselTree
{
    /// <summary>Number of kinds of tubes.</summary>
    public const int KindCount = (int)VesselKind.Calcification + 1;

    /// <summary>The value for "further away than any rule needs".</summary>
    public const double Far = 99;

    private const double CellMm = 6;
    private const double HalfRangeMm = 240;
    private const int Cells = (int)(2 * HalfRangeMm / CellMm);

    private readonly List<Segment> _segments = [];
    private int[] _starts = [];
    private int[] _items = [];

    /// <summary>Adds a smooth tube (Catmull-Rom) through points with radii.</summary>
    public void AddSpline(VesselKind kind, ReadOnlySpan<Vector3D> points, ReadOnlySpan<double> radii)
    {
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (p0, p1) = (points[Math.Max(i - 1, 0)], points[i]);
            var (p2, p3) = (points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
            var steps = Math.Max(1, (int)((p2 - p1).Length / 6));
            var from = p1;
            for (var step = 1; step <= steps; step++)
            {
                var t = (double)step / steps;
                var to = CatmullRom(p0, p1, p2, p3, t);
                var before = (step - 1.0) / steps;
                AddSegment(
                    kind,
                    from,
                    to,
                    radii[i] + ((radii[i + 1] - radii[i]) * before),
                    radii[i] + ((radii[i + 1] - radii[i]) * t));
                from = to;
            }
        }
    }

    /// <summary>Adds one tapered capsule.</summary>
    public void AddSegment(VesselKind kind, Vector3D a, Vector3D b, double radiusA, double radiusB)
    {
        var axis = b - a;
        _segments.Add(new(kind, a, axis, 1 / Math.Max(axis.Dot(axis), 1e-9), radiusA, radiusB - radiusA));
    }

    /// <summary>Sorts the tubes into buckets; call once, after the last tube.</summary>
    public void Build()
    {
        var counts = new int[(Cells * Cells * Cells) + 1];
        foreach (var segment in _segments)
            ForEachCell(segment, cell => counts[cell + 1]++);
        for (var i = 1; i < counts.Length; i++)
            counts[i] += counts[i - 1];
        var next = (int[])counts.Clone();
        var items = new int[counts[^1]];
        for (var s = 0; s < _segments.Count; s++)
        {
            var index = s;
            ForEachCell(_segments[s], cell => items[next[cell]++] = index);
        }

        (_starts, _items) = (counts, items);
    }

    /// <summary>Computes the signed distance to the nearest tube of each kind; <see cref="Far"/> if none is near.</summary>
    public void Distances(Vector3D p, Span<double> distances)
    {
        distances.Fill(Far);
        var i = (int)((p.X + HalfRangeMm) / CellMm);
        var j = (int)((p.Y + HalfRangeMm) / CellMm);
        var k = (int)((p.Z + HalfRangeMm) / CellMm);
        if ((uint)i >= Cells || (uint)j >= Cells || (uint)k >= Cells)
            return;
        var cell = i + (Cells * (j + (Cells * k)));
        var segments = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_segments);
        for (var item = _starts[cell]; item < _starts[cell + 1]; item++)
        {
            ref readonly var segment = ref segments[_items[item]];
            var distance = segment.Distance(p);
            ref var best = ref distances[(int)segment.Kind];
            if (distance < best)
                best = distance;
        }
    }

    private static void ForEachCell(Segment segment, Action<int> action)
    {
        // Walls and fat extend further around the great vessels than around vessels within the lung.
        var margin = segment.Kind >= VesselKind.LungVessel ? 0 : 7;
        var reach = Math.Max(segment.RadiusA, segment.RadiusA + segment.Growth) + margin;
        var b = segment.A + segment.Axis;
        var halfDiagonal = CellMm * 0.87;
        for (var k = Low(segment.A.Z, b.Z); k <= High(segment.A.Z, b.Z); k++)
        {
            for (var j = Low(segment.A.Y, b.Y); j <= High(segment.A.Y, b.Y); j++)
            {
                for (var i = Low(segment.A.X, b.X); i <= High(segment.A.X, b.X); i++)
                {
                    var centre = new Vector3D(Centre(i), Centre(j), Centre(k));
                    if (segment.Distance(centre) < margin + halfDiagonal)
                        action(i + (Cells * (j + (Cells * k))));
                }
            }
        }

        int Low(double a, double c) => Math.Clamp((int)((Math.Min(a, c) - reach + HalfRangeMm) / CellMm), 0, Cells - 1);
        int High(double a, double c) =>
            Math.Clamp((int)((Math.Max(a, c) + reach + HalfRangeMm) / CellMm), 0, Cells - 1);
        static double Centre(int i) => ((i + 0.5) * CellMm) - HalfRangeMm;
    }

    private static Vector3D CatmullRom(Vector3D p0, Vector3D p1, Vector3D p2, Vector3D p3, double t) =>
        ((p1 * 2) + ((p2 - p0) * t) + (((p0 * 2) - (p1 * 5) + (p2 * 4) - p3) * (t * t))
            + (((p1 * 3) - p0 - (p2 * 3) + p3) * (t * t * t))) * 0.5;

    private readonly record struct Segment(
        VesselKind Kind, Vector3D A, Vector3D Axis, double InverseSquare, double RadiusA, double Growth)
    {
        public double Distance(Vector3D p)
        {
            var offset = p - A;
            var t = Math.Clamp(offset.Dot(Axis) * InverseSquare, 0, 1);
            return (offset - (Axis * t)).Length - (RadiusA + (Growth * t));
        }
    }
}

/// <summary>The tubes of the phantom.</summary>
internal enum VesselKind
{
    AscendingAorta,
    Aorta,
    PulmonaryArtery,
    PulmonaryBranch,
    PulmonaryVein,
    SuperiorVenaCava,
    InferiorVenaCava,
    Coronary,
    Oesophagus,
    Airway,
    LungVessel,
    CoronarySinus,
    Azygos,
    LiverVessel,
    Calcification,
}
