using static System.Math;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Makes one chamber larger or smaller and moves everything else out of its way: the flow of a source spread over an
/// ellipsoid. Outside the source nothing changes its volume, so a wall that is stretched gets thinner, and what touched
/// still touches.
/// </summary>
/// <param name="Centre">Middle of the chamber, in the heart's frame before this growth.</param>
/// <param name="Axes">The ellipsoid's axes.</param>
/// <param name="Half">Its half axes before the growth, mm.</param>
/// <param name="Scale">Linear growth at the centre.</param>
internal sealed record ChamberGrowth(Vector3D Centre, Direction Axes, Vector3D Half, double Scale)
{
    private readonly double _source = 1 - (1 / (Scale * Scale * Scale));

    /// <summary>Where a point of the grown heart came from.</summary>
    public Vector3D Undo(Vector3D p)
    {
        var offset = p - Centre;
        return Centre + (offset * Shrink(Radius(offset)));
    }

    /// <summary>Where a point goes to, the inverse of <see cref="Undo"/>.</summary>
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

    // Of the source's volume, the part within the radius r (of the grown ellipsoid) is r³ / √(1 + (r / scale)⁶).
    private double Shrink(double r)
    {
        var x = r / Scale;
        x *= x * x;
        return Cbrt(1 - (_source / Sqrt(1 + (x * x))));
    }
}
