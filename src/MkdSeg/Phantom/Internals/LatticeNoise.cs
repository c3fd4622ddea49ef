namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Smooth noise without a table: hashed values on a cubic lattice, blended with the quintic of Perlin (2002). A pure
/// function of seed and position, so that voxels can be evaluated in any order.
/// </summary>
internal readonly struct LatticeNoise(ulong seed, double cellMm)
{
    private readonly double _perMm = 1 / cellMm;

    /// <summary>Returns a value in [−1, 1], mean 0, standard deviation about 0.35.</summary>
    public double At(Vector3D p)
    {
        // A rotated lattice: aligned with the image axes, its cells would show as squares.
        var x = _perMm * ((0.36 * p.X) + (0.48 * p.Y) - (0.80 * p.Z));
        var y = _perMm * ((-0.80 * p.X) + (0.60 * p.Y));
        var z = _perMm * ((0.48 * p.X) + (0.64 * p.Y) + (0.60 * p.Z));
        var (fx, fy, fz) = (Math.Floor(x), Math.Floor(y), Math.Floor(z));
        var (i, j, k) = ((int)fx, (int)fy, (int)fz);
        var (u, v, w) = (Fade(x - fx), Fade(y - fy), Fade(z - fz));
        var low = Mix(
            Mix(Value(i, j, k), Value(i + 1, j, k), u), Mix(Value(i, j + 1, k), Value(i + 1, j + 1, k), u), v);
        var high = Mix(
            Mix(Value(i, j, k + 1), Value(i + 1, j, k + 1), u),
            Mix(Value(i, j + 1, k + 1), Value(i + 1, j + 1, k + 1), u),
            v);
        return Mix(low, high, w);
    }

    /// <summary>Returns the lattice value itself, uniform in [−1, 1).</summary>
    public double Value(int i, int j, int k)
    {
        var h = seed + ((ulong)(uint)i * 0x9E3779B97F4A7C15UL) + ((ulong)(uint)j * 0xC2B2AE3D27D4EB4FUL)
            + ((ulong)(uint)k * 0x165667B19E3779F9UL);
        h = (h ^ (h >> 30)) * 0xBF58476D1CE4E5B9UL;
        h = (h ^ (h >> 27)) * 0x94D049BB133111EBUL;
        h ^= h >> 31;
        return (h >> 11) * (2.0 / (1UL << 53)) - 1;
    }

    private static double Fade(double t) => t * t * t * ((t * ((t * 6) - 15)) + 10);

    private static double Mix(double a, double b, double t) => a + ((b - a) * t);
}
