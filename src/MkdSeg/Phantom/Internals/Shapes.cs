namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Implicit shapes: approximate signed distances in millimetres, negative inside. Smooth union and the ellipsoid's
/// first-order distance follow Inigo Quilez ("distance functions").
/// </summary>
internal static class Shapes
{
    /// <summary>Returns the distance to an ellipsoid around the origin; first-order accurate near the surface.</summary>
    public static double Ellipsoid(Vector3D p, Vector3D halfAxes)
    {
        var (x, y, z) = (p.X / halfAxes.X, p.Y / halfAxes.Y, p.Z / halfAxes.Z);
        var k0 = Math.Sqrt((x * x) + (y * y) + (z * z));
        if (k0 < 1e-6)
            return -Math.Min(halfAxes.X, Math.Min(halfAxes.Y, halfAxes.Z));
        (x, y, z) = (x / halfAxes.X, y / halfAxes.Y, z / halfAxes.Z);
        var k1 = Math.Sqrt((x * x) + (y * y) + (z * z));
        return k0 * (k0 - 1) / k1;
    }

    /// <summary>Returns the distance to a capsule from a to b whose radius changes linearly.</summary>
    public static double Capsule(Vector3D p, Vector3D a, Vector3D b, double radiusA, double radiusB)
    {
        var pa = p - a;
        var ba = b - a;
        var t = Math.Clamp(pa.Dot(ba) / ba.Dot(ba), 0, 1);
        return (pa - (ba * t)).Length - (radiusA + ((radiusB - radiusA) * t));
    }

    /// <summary>Returns the union with a fillet of about k millimetres.</summary>
    public static double SmoothUnion(double a, double b, double k)
    {
        var h = Math.Max(k - Math.Abs(a - b), 0) / k;
        return Math.Min(a, b) - (h * h * k * 0.25);
    }

    /// <summary>Returns the intersection with an edge rounded by about k millimetres.</summary>
    public static double SmoothIntersection(double a, double b, double k) => -SmoothUnion(-a, -b, k);

    /// <summary>Returns 0 below from, 1 above to, and a smooth transition in between.</summary>
    public static double SmoothStep(double from, double to, double x)
    {
        var t = Math.Clamp((x - from) / (to - from), 0, 1);
        return t * t * (3 - (2 * t));
    }

    /// <summary>Returns the vector scaled to length 1.</summary>
    public static Vector3D Unit(this Vector3D v) => v * (1 / v.Length);
}

/// <summary>Random draws that keep subjects plausible.</summary>
internal static class Sampling
{
    /// <summary>Draws from a normal distribution, clamped at two standard deviations to keep subjects plausible.</summary>
    public static double Normal(this SeededRandom random, double mean, double sd) =>
        mean + (sd * Math.Clamp(random.NextGaussian(), -2, 2));

    /// <summary>Returns true with the given probability.</summary>
    public static bool Chance(this SeededRandom random, double probability) => random.NextDouble() < probability;
}
