using static System.Math;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Enlarges or shrinks one chamber and displaces everything around it: the flow of a source spread over an ellipsoid.
/// Outside the source volumes are preserved, so a stretched wall gets thinner, and structures that touched still touch.
/// </summary>
/// <param name="Centre">Centre of the chamber, in the heart's frame before this growth.</param>
/// <param name="Axes">The ellipsoid's axes.</param>
/// <param name="Half">Its half axes before the growth, mm.</param>
/// <param name="Scale">Linear growth at the centre.</param>
internal sealed record ChamberGrowth(Vector3D Centre, Direction Axes, Vector3D Half, double Scale)
{
    private readonly double _source = 1 - (1 / (Scale * Scale * Scale));

    /// <summary>Maps a point of the grown heart back to its position before the growth.</summary>
    public Vector3D Undo(Vector3D p)
    {
        var offset = p - Centre;
        return Centre + (offset * Shrink(Radius(offset)));
    }

    /// <summary>Maps a point to its position after the growth; the inverse of <see cref="Undo"/>.</summary>
    public Vector3D Apply(Vector3D p)
    {
        var offset = p - Centre;
        var before = Radius(offset);
        var (low, high) = (0.0, Max(Scale, 1) + 1);
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (middle * Shrink(before * middle) < 1)
                low = middle;
            else
                high = middle;
        }

        return Centre + (offset * low);
    }

    private double Radius(Vector3D offset) => new Vector3D(
        offset.Dot(Axes.AxisX) / Half.X, offset.Dot(Axes.AxisY) / Half.Y, offset.Dot(Axes.AxisZ) / Half.Z).Length;

    // The part of the source's volume within the radius r (of the grown ellipsoid) is r³ / √(1 + (r / scale)⁶).
    private double Shrink(double r)
    {
        var x = r / Scale;
        x *= x * x;
        return Cbrt(1 - (_source / Sqrt(1 + (x * x))));
    }
}
