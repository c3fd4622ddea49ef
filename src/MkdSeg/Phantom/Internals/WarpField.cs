namespace MkdSeg.Phantom.Internals;

/// <summary>
/// A smooth displacement of the body on two scales: cubic B-splines over random vectors on 28 mm and 14 mm lattices,
/// tabulated every 7 mm and interpolated linearly.
/// </summary>
internal sealed class WarpField
{
    private const double CellMm = 7;
    private const double CoarseMm = 28;
    private const double FineMm = 14;
    private const double LongMm = 80;

    private readonly Vector3D[] _table;
    private readonly int _i0;
    private readonly int _j0;
    private readonly int _k0;
    private readonly int _nx;
    private readonly int _ny;
    private readonly int _nz;

    /// <summary>Tabulates the field over a box; the values do not depend on the box.</summary>
    public WarpField(ulong seed, double coarseMm, double fineMm, Vector3D low, Vector3D high)
        : this(low, high)
    {
        Add(new Lattice(seed, CoarseMm, coarseMm, low, high).At);
        Add(new Lattice(seed + 3, FineMm, fineMm, low, high).At);
    }

    /// <summary>Adds long waves to the two scales.</summary>
    public WarpField(ulong seed, double longMm, double coarseMm, double fineMm, Vector3D low, Vector3D high)
        : this(seed, coarseMm, fineMm, low, high) => Add(new Lattice(seed + 6, LongMm, longMm, low, high).At);

    /// <summary>Tabulates any smooth displacement.</summary>
    public WarpField(Func<Vector3D, Vector3D> displacement, Vector3D low, Vector3D high)
        : this(low, high) => Add(displacement);

    private WarpField(Vector3D low, Vector3D high)
    {
        _i0 = (int)Math.Floor(low.X / CellMm);
        _j0 = (int)Math.Floor(low.Y / CellMm);
        _k0 = (int)Math.Floor(low.Z / CellMm);
        _nx = (int)Math.Ceiling(high.X / CellMm) - _i0 + 2;
        _ny = (int)Math.Ceiling(high.Y / CellMm) - _j0 + 2;
        _nz = (int)Math.Ceiling(high.Z / CellMm) - _k0 + 2;
        _table = new Vector3D[_nx * _ny * _nz];
    }

    /// <summary>Returns the displacement at a point, mm; points outside the box get the value at its edge.</summary>
    public Vector3D At(Vector3D p)
    {
        var x = Math.Clamp((p.X / CellMm) - _i0, 0, _nx - 1.001);
        var y = Math.Clamp((p.Y / CellMm) - _j0, 0, _ny - 1.001);
        var z = Math.Clamp((p.Z / CellMm) - _k0, 0, _nz - 1.001);
        var (i, j, k) = ((int)x, (int)y, (int)z);
        var (u, v, w) = (x - i, y - j, z - k);
        var at = i + (_nx * (j + (_ny * k)));
        var plane = _nx * _ny;
        var low = Mix(Mix(_table[at], _table[at + 1], u), Mix(_table[at + _nx], _table[at + _nx + 1], u), v);
        at += plane;
        var high = Mix(Mix(_table[at], _table[at + 1], u), Mix(_table[at + _nx], _table[at + _nx + 1], u), v);
        return Mix(low, high, w);
    }

    private static Vector3D Mix(Vector3D a, Vector3D b, double t) => new(
        a.X + ((b.X - a.X) * t), a.Y + ((b.Y - a.Y) * t), a.Z + ((b.Z - a.Z) * t));

    private void Add(Func<Vector3D, Vector3D> displacement) => Parallel.For(0, _nz, k =>
    {
        for (var j = 0; j < _ny; j++)
        {
            for (var i = 0; i < _nx; i++)
            {
                _table[i + (_nx * (j + (_ny * k)))] +=
                    displacement(new((_i0 + i) * CellMm, (_j0 + j) * CellMm, (_k0 + k) * CellMm));
            }
        }
    });

    /// <summary>Random vectors on a lattice and the cubic B-spline over them.</summary>
    private sealed class Lattice
    {
        private readonly double _cellMm;
        private readonly int _i0;
        private readonly int _j0;
        private readonly int _k0;
        private readonly int _nx;
        private readonly int _ny;
        private readonly Vector3D[] _vectors;

        public Lattice(ulong seed, double cellMm, double sizeMm, Vector3D low, Vector3D high)
        {
            _cellMm = cellMm;
            (_i0, _j0, _k0) = (First(low.X), First(low.Y), First(low.Z));
            _nx = First(high.X) - _i0 + 6;
            _ny = First(high.Y) - _j0 + 6;
            var nz = First(high.Z) - _k0 + 6;
            _vectors = new Vector3D[_nx * _ny * nz];
            var (x, y, z) = (new LatticeNoise(seed, 1), new LatticeNoise(seed + 1, 1), new LatticeNoise(seed + 2, 1));
            for (var at = 0; at < _vectors.Length; at++)
            {
                var (i, j, k) = (_i0 + (at % _nx), _j0 + (at / _nx % _ny), _k0 + (at / (_nx * _ny)));
                // The spline smooths: twice its value has about the range of the lattice values.
                _vectors[at] = new Vector3D(x.Value(i, j, k), y.Value(i, j, k), z.Value(i, j, k)) * (2 * sizeMm);
            }

            int First(double mm) => (int)Math.Floor(mm / cellMm) - 1;
        }

        public Vector3D At(Vector3D p)
        {
            var (x, y, z) = (p.X / _cellMm, p.Y / _cellMm, p.Z / _cellMm);
            var (fx, fy, fz) = (Math.Floor(x), Math.Floor(y), Math.Floor(z));
            Span<double> wx = stackalloc double[4];
            Span<double> wy = stackalloc double[4];
            Span<double> wz = stackalloc double[4];
            Weights(x - fx, wx);
            Weights(y - fy, wy);
            Weights(z - fz, wz);
            var first = ((int)fx - _i0) + (_nx * (((int)fy - _j0) + (_ny * ((int)fz - _k0))));
            var sum = new Vector3D(0, 0, 0);
            for (var k = 0; k < 4; k++)
            {
                for (var j = 0; j < 4; j++)
                {
                    var row = _vectors.AsSpan(first + (_nx * (j + (_ny * k))), 4);
                    var across = (row[0] * wx[0]) + (row[1] * wx[1]) + (row[2] * wx[2]) + (row[3] * wx[3]);
                    sum += across * (wy[j] * wz[k]);
                }
            }

            return sum;
        }
    }

    private static void Weights(double t, Span<double> w)
    {
        w[0] = (1 - t) * (1 - t) * (1 - t) / 6;
        w[1] = ((3 * t * t * t) - (6 * t * t) + 4) / 6;
        w[2] = ((-3 * t * t * t) + (3 * t * t) + (3 * t) + 1) / 6;
        w[3] = t * t * t / 6;
    }
}
