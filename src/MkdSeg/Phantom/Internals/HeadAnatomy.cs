using static MkdSeg.Phantom.Internals.Shapes;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Shoulders, neck and head: skin, muscle, airway, neck vessels, skull, brain with ventricles, eyes, sinuses, jaw.
/// Coordinates as in <see cref="ThoraxAnatomy"/>, x from the midline.
/// </summary>
internal sealed class HeadAnatomy(double spineFront, double skinFatMm, SeededRandom random)
{
    private readonly double _size = random.Normal(1, 0.05);
    private readonly double _neckRadius = 56 * random.Normal(1, 0.07) + (0.3 * skinFatMm);
    private readonly double _skullMm = random.Uniform(5, 9);
    private readonly Vector3D _brain = new(0, spineFront + 4 + random.Uniform(-8, 8), random.Uniform(352, 372));

    /// <summary>
    /// Returns the tissue at a point above the thorax, given its signed distance to the skin of the shoulders and the spine's
    /// tissue there, if any.
    /// </summary>
    public PhantomTissue At(double x, double y, double z, double shoulder, PhantomTissue? spine)
    {
        var q = (new Vector3D(x, y, z) - _brain) * (1 / _size);
        var brain = Ellipsoid(q, new(66, 84, 70));
        var face = Ellipsoid(q - new Vector3D(0, -22, -52), new(62, 74, 72));
        var head = Math.Min(brain - _skullMm - 9, face);
        var neck = z < _brain.Z ? Ellipsoid(new(x, y - spineFront - 8, 0), new(_neckRadius, 1.08 * _neckRadius, 1000)) : 60;
        var skin = Math.Min(head, Math.Min(neck, shoulder));
        if (skin > 0)
            return PhantomTissue.Air;
        if (Skull(brain, q) is { } tissue)
            return tissue;
        if (z < _brain.Z - 62 && spine is { } bone)
            return bone;
        return Face(q) ?? Neck(x, y, z) ?? (skin is > -2 or < -9 ? PhantomTissue.Muscle : PhantomTissue.Fat);
    }

    private PhantomTissue? Skull(double brain, Vector3D q)
    {
        if (brain > _skullMm)
            return null;
        if (brain > 0)
            return brain < 1.8 || brain > _skullMm - 1.8 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        var side = new Vector3D(Math.Abs(q.X), q.Y, q.Z);
        var ventricle = Ellipsoid(side - new Vector3D(12, 2, 6), new(7, 32, 9));
        return brain > -2.5 || ventricle < 0 ? PhantomTissue.Fluid : PhantomTissue.Brain;
    }

    private static PhantomTissue? Face(Vector3D q)
    {
        var side = new Vector3D(Math.Abs(q.X), q.Y, q.Z);
        if (Ellipsoid(side - new Vector3D(31, -76, -34), new(12, 12, 12)) < 0)
            return PhantomTissue.Fluid;
        var sinus = Math.Min(
            Ellipsoid(side - new Vector3D(26, -64, -66), new(14, 17, 18)),
            Ellipsoid(side - new Vector3D(7, -58, -58), new(6, 26, 24)));
        sinus = Math.Min(sinus, Ellipsoid(side - new Vector3D(54, 12, -62), new(8, 12, 14)));
        if (sinus < 2)
            return sinus < 0 ? PhantomTissue.Gas : PhantomTissue.BoneCortex;
        var pharynx = Ellipsoid(q - new Vector3D(0, -28, -84), new(11, 13, 42));
        if (pharynx < 0)
            return PhantomTissue.Gas;
        var jaw = Math.Abs(Ellipsoid(new(q.X, q.Y + 34, 0), new(50, 58, 1000)));
        if (jaw < 6 && q.Y < -22 && q.Z is < -88 and > -114)
            return jaw > 3.5 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        return null;
    }

    private PhantomTissue? Neck(double x, double y, double z)
    {
        if (z > _brain.Z - 110)
            return null;
        var airway = Math.Sqrt((x * x) + ((y - spineFront + 20) * (y - spineFront + 20)));
        if (airway < 10.5)
            return airway < 8.5 ? PhantomTissue.Gas : PhantomTissue.AirwayWall;
        var (side, back) = (Math.Abs(x), y - spineFront + 10);
        if (((side - 25) * (side - 25)) + (back * back) < 12)
            return PhantomTissue.Aorta;
        return ((side - 34) * (side - 34)) + ((back + 4) * (back + 4)) < 40 ? PhantomTissue.SuperiorVenaCava : null;
    }
}
