namespace MkdSeg.Volumes;

/// <summary>Three doubles: a point or a displacement in millimetres, or one value per axis (x, y, z).</summary>
public readonly record struct Vector3D(double X, double Y, double Z)
{
    /// <summary>The component along axis 0 (x), 1 (y) or 2 (z).</summary>
    public double this[int axis] => axis switch
    {
        0 => X,
        1 => Y,
        2 => Z,
        _ => throw new ArgumentOutOfRangeException(nameof(axis), axis, "The axis must be 0, 1 or 2."),
    };

    /// <summary>Euclidean length.</summary>
    public double Length => Math.Sqrt(Dot(this));

    /// <summary>Scalar product.</summary>
    public double Dot(Vector3D other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    /// <summary>Vector product.</summary>
    public Vector3D Cross(Vector3D other) => new(
        (Y * other.Z) - (Z * other.Y),
        (Z * other.X) - (X * other.Z),
        (X * other.Y) - (Y * other.X));

    /// <summary>Componentwise sum.</summary>
    public static Vector3D operator +(Vector3D left, Vector3D right) =>
        new(left.X + right.X, left.Y + right.Y, left.Z + right.Z);

    /// <summary>Componentwise difference.</summary>
    public static Vector3D operator -(Vector3D left, Vector3D right) =>
        new(left.X - right.X, left.Y - right.Y, left.Z - right.Z);

    /// <summary>The vector scaled by a number.</summary>
    public static Vector3D operator *(Vector3D vector, double factor) =>
        new(vector.X * factor, vector.Y * factor, vector.Z * factor);
}
