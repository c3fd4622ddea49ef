namespace MkdSeg.Metrics;

/// <summary>
/// Measures each class in one pass over a mask and its volume: voxel count, position, the faces of the volume that it
/// touches, and its intensity distribution.
/// </summary>
internal sealed class MaskMeasures
{
    // One bin for each whole Hounsfield unit; values beyond the range count in the outermost bins.
    private const int LowestHu = -2048;
    private const int Bins = 8192;

    private readonly Grid _grid;
    private readonly Sums?[] _sums = new Sums?[256];
    private readonly long[]?[] _histograms = new long[256][];

    /// <summary>Measures a mask.</summary>
    /// <param name="mask">Class indices.</param>
    /// <param name="hounsfield">Intensities on the same grid; null where they are not Hounsfield units.</param>
    public MaskMeasures(Volume<byte> mask, Volume<float>? hounsfield)
    {
        _grid = mask.Grid;
        var size = _grid.Size;
        for (var z = 0; z < size.Z; z++)
        {
            var slice = mask.Slice(z);
            var values = hounsfield is null ? [] : hounsfield.Slice(z);
            for (var y = 0; y < size.Y; y++)
            {
                var row = slice.Slice(y * size.X, size.X);
                for (var x = row.IndexOfAnyExcept((byte)0); x >= 0 && x < row.Length;)
                {
                    var c = row[x];
                    var length = row[x..].IndexOfAnyExcept(c);
                    var end = length < 0 ? row.Length : x + length;
                    if (c != 0)
                    {
                        (_sums[c] ??= new(size)).Add(x, end, y, z);
                        if (hounsfield is not null)
                            AddIntensities(c, values[((y * size.X) + x)..((y * size.X) + end)]);
                    }

                    x = end;
                }
            }
        }
    }

    /// <summary>The number of voxels of a class.</summary>
    public long Count(int c) => _sums[c]?.Count ?? 0;

    public double VolumeMl(int c) => Count(c) * _grid.VoxelMl;

    /// <summary>The bounding box of a class; empty if it has no voxels.</summary>
    public VoxelBox Box(int c) => _sums[c]?.Box ?? default;

    /// <summary>The bounding box of all classes; empty if there are no voxels.</summary>
    public VoxelBox WholeBox => Enumerable.Range(1, 255).Select(Box).Where(box => box != default)
        .Aggregate(default(VoxelBox), (whole, box) => whole == default ? box : whole.Around(box));

    /// <summary>The mean of a class's voxel centres, LPS mm; null if it has no voxels.</summary>
    public double[]? CentroidMm(int c)
    {
        if (_sums[c] is not { } sums)
            return null;
        var centre = _grid.ToPoint(new(sums.X / sums.Count, sums.Y / sums.Count, sums.Z / sums.Count));
        return [centre.X, centre.Y, centre.Z];
    }

    /// <summary>
    /// The range of a class's bounding box along each patient axis, to the voxels' outer faces: lowest x, y, z, highest x, y, z.
    /// </summary>
    public double[]? BoxMm(int c)
    {
        var box = Box(c);
        if (box == default)
            return null;
        Vector3D[] corners =
        [
            .. Enumerable.Range(0, 8).Select(i => _grid.ToPoint(new(
                ((i & 1) == 0 ? box.MinX : box.EndX) - 0.5,
                ((i & 2) == 0 ? box.MinY : box.EndY) - 0.5,
                ((i & 4) == 0 ? box.MinZ : box.EndZ) - 0.5))),
        ];
        return
        [
            .. Enumerable.Range(0, 3).Select(axis => corners.Min(corner => corner[axis])),
            .. Enumerable.Range(0, 3).Select(axis => corners.Max(corner => corner[axis])),
        ];
    }

    /// <summary>The size of a box along the voxel axes nearest to the patient axes; null for an empty box.</summary>
    public PatientExtent? ExtentMm(VoxelBox box)
    {
        if (box == default)
            return null;
        var axes = Orientation.Of(_grid);
        double Along(string sides)
        {
            var axis = axes.IndexOfAny(sides.ToCharArray());
            return box.Size[axis] * _grid.SpacingMm[axis];
        }

        return new(Along("LR"), Along("AP"), Along("IS"));
    }

    /// <summary>Whether a class has a voxel in an outermost layer of the volume, so it may extend beyond.</summary>
    public bool IsCut(int c) => _sums[c]?.Faces.Any(count => count > 0) ?? false;

    /// <summary>The largest area of a class on one face of the volume, mm².</summary>
    public double LargestFaceMm2(int c)
    {
        var spacing = _grid.SpacingMm;
        double[] pixels = [spacing.Y * spacing.Z, spacing.X * spacing.Z, spacing.X * spacing.Y];
        return _sums[c]?.Faces.Select((count, face) => count * pixels[face / 2]).Max() ?? 0;
    }

    /// <summary>The distribution of a class's Hounsfield units; null if there are none.</summary>
    public HounsfieldStatistics? Hounsfield(int c) => _sums[c] is not { Values: > 0 } sums ? null : new(
        sums.Value / sums.Values,
        Math.Sqrt(Math.Max(0, (sums.Square / sums.Values) - Math.Pow(sums.Value / sums.Values, 2))),
        Percentile([c], 0.5)!.Value,
        Percentile([c], 0.05)!.Value,
        Percentile([c], 0.95)!.Value);

    /// <summary>
    /// The lowest whole Hounsfield unit that the given part of the classes' voxels does not exceed; null if they have none.
    /// </summary>
    public double? Percentile(IReadOnlyCollection<int> classes, double part)
    {
        var count = classes.Sum(c => _sums[c]?.Values ?? 0);
        if (count == 0)
            return null;
        var below = 0L;
        for (var bin = 0; ; bin++)
        {
            foreach (var c in classes)
                below += _histograms[c]?[bin] ?? 0;
            if (below >= part * count)
                return bin + LowestHu;
        }
    }

    private void AddIntensities(int c, ReadOnlySpan<float> values)
    {
        var (sums, histogram) = (_sums[c]!, _histograms[c] ??= new long[Bins]);
        foreach (var value in values)
        {
            if (!float.IsFinite(value))
                continue;
            sums.Values++;
            sums.Value += value;
            sums.Square += (double)value * value;
            histogram[Math.Clamp((int)MathF.Round(value) - LowestHu, 0, Bins - 1)]++;
        }
    }

    private sealed class Sums(GridSize size)
    {
        public long Count;
        public double X;
        public double Y;
        public double Z;
        public long Values;
        public double Value;
        public double Square;

        public VoxelBox Box { get; private set; }

        /// <summary>Voxels in the first and last layers along x, y and z.</summary>
        public long[] Faces { get; } = new long[6];

        public void Add(int x, int end, int y, int z)
        {
            var length = end - x;
            var run = new VoxelBox(x, y, z, end, y + 1, z + 1);
            Box = Count == 0 ? run : Box.Around(run);
            Count += length;
            X += (x + end - 1) / 2.0 * length;
            Y += (double)y * length;
            Z += (double)z * length;
            Faces[0] += x == 0 ? 1 : 0;
            Faces[1] += end == size.X ? 1 : 0;
            Faces[2] += y == 0 ? length : 0;
            Faces[3] += y == size.Y - 1 ? length : 0;
            Faces[4] += z == 0 ? length : 0;
            Faces[5] += z == size.Z - 1 ? length : 0;
        }
    }
}

/// <summary>The distribution of the Hounsfield units of a structure's voxels.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Sd">The standard deviation of the voxels.</param>
/// <param name="Median">The median, in whole units like the percentiles.</param>
/// <param name="P5">The 5th percentile.</param>
/// <param name="P95">The 95th percentile.</param>
public sealed record HounsfieldStatistics(double Mean, double Sd, double Median, double P5, double P95);
