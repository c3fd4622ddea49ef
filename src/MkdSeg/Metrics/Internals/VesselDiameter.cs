using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MkdSeg.Metrics.Internals;

/// <summary>
/// Measures the largest diameter of a vessel perpendicular to its own axis. The axis runs between the vessel's farthest ends,
/// as far from the wall as possible; the cross-section at a point is the smallest section near it. The diameter of a section
/// is the long axis of the ellipse with the same second moments, which is exact to a fraction of a voxel for a tube of any
/// tilt.
/// </summary>
internal sealed class VesselDiameter
{
    private const int MostPoints = 50_000;
    private const double StepMm = 4;

    // Steps on either side of a point that define the axis direction there.
    private const int Reach = 3;

    // Sections less round than this are not tubular.
    private const double LeastRoundness = 0.75;

    // Cells along each side of a section.
    private const int Side = 64;

    private readonly List<Vector3D> _points = [];
    private readonly Moments[] _cells = new Moments[Side * Side];
    private readonly List<int> _used = [];
    private readonly Stack<int> _open = new();
    private readonly double _cellMm;
    private readonly double _halfSlabMm;

    private VesselDiameter(Volume<byte> mask, byte classIndex, VoxelBox box, long count)
    {
        var grid = mask.Grid;
        var coarsest = Math.Max(grid.SpacingMm.X, Math.Max(grid.SpacingMm.Y, grid.SpacingMm.Z));
        (_cellMm, _halfSlabMm) = (Math.Max(3, 1.01 * coarsest), Math.Max(1.5, 0.51 * coarsest));
        var share = 1 + (int)(count / MostPoints);
        for (var z = box.MinZ; z < box.EndZ; z++)
        {
            var slice = mask.Slice(z);
            for (var y = box.MinY; y < box.EndY; y++)
            {
                for (var x = box.MinX; x < box.EndX; x++)
                {
                    if (slice[x + (y * grid.Size.X)] == classIndex && (x + (2 * y) + (3 * z)) % share == 0)
                        _points.Add(grid.ToPoint(new(x, y, z)));
                }
            }
        }
    }

    /// <summary>Returns the diameter in mm; null if there are no voxels or no round section between the vessel's ends.</summary>
    public static double? LargestMm(Volume<byte> mask, byte classIndex, VoxelBox box, long count) =>
        count == 0 ? null : new VesselDiameter(mask, classIndex, box, count).Measure();

    private double? Measure()
    {
        var (main, branch) = MiddleLines();
        var (largest, usual) = LargestAlong(Resample(Smooth(main)));
        // A branch no longer than the vessel is wide is part of its wall.
        var other = Resample(Smooth(branch));
        return other.Count * StepMm > usual && LargestAlong(other).Diameter is { } diameter && !(diameter <= largest) ? diameter : largest;
    }

    private (double? Diameter, double UsualMm) LargestAlong(List<Vector3D> axis)
    {
        if (axis.Count < 3)
            return (null, 0);
        var sections = axis.Select((_, i) => Smallest(axis, i)).ToArray();
        var usual = sections.Select(section => section?.Long ?? 0).Order().ElementAt(sections.Length / 2);
        // Within half a diameter of the vessel's ends a section may be cut; that close to a branch, it is not tubular.
        var near = (int)Math.Min(Math.Ceiling(usual / 2 / StepMm), (axis.Count - 1) / 2);
        int[] forks = [.. Forks(axis, i => (0.65 * (sections[i]?.IsTube == true ? sections[i]!.Long : usual)) + _cellMm + 1).Where(i => i >= near && i < axis.Count - near)];
        var diameters = sections.Select((section, i) => section?.IsTube == true && i >= near && i < axis.Count - near
            && !Array.Exists(forks, fork => Math.Abs(fork - i) <= near) ? section.Long : (double?)null).ToArray();
        // Averaging over neighbours evens out voxel steps at the edge.
        var largest = diameters.Select((own, i) => own is null
            ? null
            : diameters[Math.Max(i - 1, 0)..Math.Min(i + 2, diameters.Length)].Average()).Max();
        return (largest, usual);
    }

    /// <summary>Finds where along the axis the vessel extends farther sideways than a tube, so that a branch leaves it.</summary>
    private HashSet<int> Forks(List<Vector3D> axis, Func<int, double> farMm)
    {
        var forks = new HashSet<int>();
        foreach (var point in _points)
        {
            var (nearest, least) = (0, double.PositiveInfinity);
            for (var i = 0; i < axis.Count; i++)
            {
                if ((point - axis[i]).Length is var distance && distance < least)
                    (nearest, least) = (i, distance);
            }

            if (least > farMm(nearest))
                forks.Add(nearest);
        }

        return forks;
    }

    /// <summary>
    /// Returns the vessel's cross-section at a point of the axis: among the sections in all directions near that of the axis,
    /// the one with the smallest area. In a short vessel the axis itself runs obliquely from edge to edge.
    /// </summary>
    private CrossSection? Smallest(List<Vector3D> axis, int i)
    {
        var direction = Direction(axis, i);
        if (Section(axis[i], direction) is not { } best)
            return null;
        for (var turn = 0.2; turn > 0.06;)
        {
            var (u, v) = Across(direction);
            var (point, isBetter) = (best.Centre, false);
            foreach (var side in (Vector3D[])[u, u * -1, v, v * -1])
            {
                var other = direction + (side * turn);
                other *= 1 / other.Length;
                if (Section(point, other) is { } section && section.Long * section.Short < 0.999 * best.Long * best.Short)
                    (best, direction, isBetter) = (section, other, true);
            }

            turn /= isBetter ? 1 : 2;
        }

        return best;
    }

    private static (Vector3D U, Vector3D V) Across(Vector3D direction)
    {
        var u = direction.Cross(Math.Abs(direction.X) < 0.6 ? new(1, 0, 0) : new(0, 1, 0));
        u *= 1 / u.Length;
        return (u, direction.Cross(u));
    }

    private static Vector3D Direction(List<Vector3D> axis, int i)
    {
        var along = axis[Math.Min(i + Reach, axis.Count - 1)] - axis[Math.Max(i - Reach, 0)];
        return along * (1 / Math.Max(along.Length, 1e-9));
    }

    // Smooths out the zigzag of the cell centres.
    private static List<Vector3D> Smooth(List<Vector3D> line)
    {
        for (var round = 0; round < 5; round++)
        {
            var last = line;
            line = [.. last.Select((point, i) => i == 0 || i == last.Count - 1
                ? point
                : (last[i - 1] * 0.25) + (point * 0.5) + (last[i + 1] * 0.25))];
        }

        return line;
    }

    // Places points at equal steps along a line.
    private static List<Vector3D> Resample(List<Vector3D> line)
    {
        var (points, left) = (new List<Vector3D> { line[0] }, StepMm);
        for (var i = 1; i < line.Count; i++)
        {
            var (from, to) = (line[i - 1], line[i]);
            for (var length = (to - from).Length; length >= left && length > 0; length = (to - from).Length)
            {
                from += (to - from) * (left / length);
                points.Add(from);
                left = StepMm;
            }

            left -= (to - from).Length;
        }

        return points;
    }

    /// <summary>Returns the connected region around a point in the plane perpendicular to a direction.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private CrossSection? Section(Vector3D point, Vector3D direction)
    {
        var (u, v) = Across(direction);
        var (nearest, start) = (double.PositiveInfinity, 0);
        foreach (var cell in _used)
            _cells[cell] = default;
        _used.Clear();
        foreach (ref readonly var other in CollectionsMarshal.AsSpan(_points))
        {
            var (x, y, z) = (other.X - point.X, other.Y - point.Y, other.Z - point.Z);
            if (Math.Abs((x * direction.X) + (y * direction.Y) + (z * direction.Z)) > _halfSlabMm)
                continue;
            var offset = new Vector3D(x, y, z);
            var (a, b) = (offset.Dot(u), offset.Dot(v));
            var (column, row) = ((int)Math.Floor(a / _cellMm) + (Side / 2), (int)Math.Floor(b / _cellMm) + (Side / 2));
            // Points beyond the cells are not part of the tube.
            if (column is < 1 or >= Side - 1 || row is < 1 or >= Side - 1)
                continue;
            var cell = (row * Side) + column;
            if (_cells[cell].Count == 0)
                _used.Add(cell);
            _cells[cell] += new Moments(1, a, b, a * a, b * b, a * b);
            if ((a * a) + (b * b) < nearest)
                (nearest, start) = ((a * a) + (b * b), cell);
        }

        if (_used.Count == 0)
            return null;
        Moments sum = default;
        _open.Push(start);
        while (_open.TryPop(out var cell))
        {
            if (_cells[cell].Count == 0)
                continue;
            sum += _cells[cell];
            _cells[cell] = default;
            for (var i = 0; i < 9; i++)
                _open.Push(cell + (((i / 3) - 1) * Side) + (i % 3) - 1);
        }

        var (meanA, meanB) = (sum.A / sum.Count, sum.B / sum.Count);
        var (aa, bb, ab) = (
            (sum.Aa / sum.Count) - (meanA * meanA), (sum.Bb / sum.Count) - (meanB * meanB), (sum.Ab / sum.Count) - (meanA * meanB));
        var (half, root) = ((aa + bb) / 2, Math.Sqrt(((aa - bb) * (aa - bb) / 4) + (ab * ab)));
        // A disc of radius r has the variance r²/4 along each axis; in an ellipse, r is the semi-axis.
        return new(point + (u * meanA) + (v * meanB), 4 * Math.Sqrt(half + root), 4 * Math.Sqrt(Math.Max(0, half - root)));
    }

    // The main line joins the ends of the largest part: the cell farthest from an arbitrary start, and the cell farthest from
    // that one. The branch line runs from the main line to the cell farthest from it, the end of a branch if there is one.
    private (List<Vector3D> Main, List<Vector3D> Branch) MiddleLines()
    {
        var index = new Dictionary<(int X, int Y, int Z), int>();
        var (keys, sums, counts) = (new List<(int X, int Y, int Z)>(), new List<Vector3D>(), new List<int>());
        foreach (var point in _points)
        {
            var cell = ((int)Math.Floor(point.X / _cellMm), (int)Math.Floor(point.Y / _cellMm), (int)Math.Floor(point.Z / _cellMm));
            if (!index.TryGetValue(cell, out var i))
            {
                index[cell] = i = keys.Count;
                keys.Add(cell);
                sums.Add(default);
                counts.Add(0);
            }

            sums[i] += point;
            counts[i]++;
        }

        Vector3D[] centres = [.. sums.Select((sum, i) => sum * (1.0 / counts[i]))];
        int[][] around = [.. keys.Select(key => Enumerable.Range(0, 27)
            .Select(k => index.GetValueOrDefault((key.X + (k % 3) - 1, key.Y + (k / 3 % 3) - 1, key.Z + (k / 9) - 1), -1)).ToArray())];
        var depth = Depths(around);
        var (largest, end) = (0, 0);
        var seen = new bool[centres.Length];
        for (var i = 0; i < centres.Length; i++)
        {
            if (seen[i])
                continue;
            var (_, order) = Paths([i], byDepth: false);
            foreach (var reached in order)
                seen[reached] = true;
            if (order.Count > largest)
                (largest, end) = (order.Count, order[^1]);
        }

        var main = Trace(Paths([end], byDepth: false).Order[^1], Paths([end], byDepth: true).Before);
        var branch = Trace(Paths(main, byDepth: false).Order[^1], Paths(main, byDepth: true).Before);
        return ([.. main.Select(i => centres[i])], [.. branch.Select(i => centres[i])]);

        static List<int> Trace(int from, int[] before)
        {
            var path = new List<int>();
            for (var i = from; i >= 0; i = before[i])
                path.Add(i);
            return path;
        }

        // Returns each cell's predecessor on its best path, −1 for the first, and the cells in order of distance.
        (int[] Before, List<int> Order) Paths(IReadOnlyCollection<int> first, bool byDepth)
        {
            var (distance, before, order) = (new double[centres.Length], new int[centres.Length], new List<int>());
            Array.Fill(distance, double.PositiveInfinity);
            var isDone = new bool[centres.Length];
            foreach (var i in first)
                (distance[i], before[i]) = (0, -1);
            var open = new PriorityQueue<int, double>(first.Select(i => (i, 0.0)));
            while (open.TryDequeue(out var i, out _))
            {
                if (isDone[i])
                    continue;
                isDone[i] = true;
                order.Add(i);
                foreach (var next in around[i])
                {
                    if (next < 0)
                        continue;
                    var length = (centres[next] - centres[i]).Length / (byDepth ? Math.Pow(depth[next], 3) : 1);
                    if (distance[i] + length < distance[next])
                    {
                        (distance[next], before[next]) = (distance[i] + length, i);
                        open.Enqueue(next, distance[next]);
                    }
                }
            }

            return (before, order);
        }
    }

    // Counts the layers of cells between each cell and the outside, including the cell itself.
    private static int[] Depths(int[][] around)
    {
        int[] sides = [4, 10, 12, 14, 16, 22];
        var depth = new int[around.Length];
        var open = new Queue<int>();
        for (var i = 0; i < depth.Length; i++)
        {
            if (!Array.Exists(sides, side => around[i][side] < 0))
                continue;
            depth[i] = 1;
            open.Enqueue(i);
        }

        while (open.TryDequeue(out var i))
        {
            foreach (var next in around[i].Where(next => next >= 0 && depth[next] == 0))
            {
                depth[next] = depth[i] + 1;
                open.Enqueue(next);
            }
        }

        return depth;
    }

    private readonly record struct Moments(int Count, double A, double B, double Aa, double Bb, double Ab)
    {
        public static Moments operator +(Moments x, Moments y) =>
            new(x.Count + y.Count, x.A + y.A, x.B + y.B, x.Aa + y.Aa, x.Bb + y.Bb, x.Ab + y.Ab);
    }

    private sealed record CrossSection(Vector3D Centre, double Long, double Short)
    {
        public bool IsTube => Short >= LeastRoundness * Long;
    }
}
