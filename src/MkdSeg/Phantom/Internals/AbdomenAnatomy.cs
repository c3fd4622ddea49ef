using static MkdSeg.Phantom.Internals.Shapes;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// The body below the liver dome, spleen and stomach: the liver's lower part, kidneys, aorta and inferior vena cava, psoas
/// muscles, bowel with fluid and air, fat, the iliac bones. Coordinates as in <see cref="ThoraxAnatomy"/>, x from the
/// midline.
/// </summary>
internal sealed class AbdomenAnatomy(
    double spineFront, double front, double skinFatMm, double diaphragmMm, SeededRandom random)
{
    private readonly double _liverBottomMm = diaphragmMm - random.Uniform(100, 165);
    private readonly double _liverLeft = random.Uniform(-10, 30);
    private readonly double _rightKidneyMm = diaphragmMm - random.Uniform(128, 165);
    private readonly double _leftKidneyHigherMm = random.Uniform(0, 22);
    private readonly double _kidneySize = random.Normal(1, 0.08);
    private readonly double _forkMm = diaphragmMm - random.Uniform(235, 275);
    private readonly double _iliumBelowForkMm = random.Uniform(5, 30);
    private readonly LatticeNoise _loops = new(random.NextUInt64(), random.Uniform(20, 30));
    private readonly LatticeNoise _content = new(random.NextUInt64(), 45);

    /// <summary>
    /// Returns the tissue at a point outside the skeleton of the trunk and the vessels of the thorax; skin and wall are its
    /// signed distances to the skin and to the inner side of the abdominal wall, negative inside.
    /// </summary>
    public PhantomTissue At(double x, double y, double z, double skin, double wall)
    {
        if (wall > 0)
        {
            if (skin < -2 && (wall > 16 || skin > -skinFatMm))
                return PhantomTissue.Fat;
            return PhantomTissue.Muscle;
        }

        if (z < _forkMm - _iliumBelowForkMm && wall > -9 && y > front + 40 && Math.Abs(x) > 30)
            return wall is > -2.5 or < -6.5 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        var side = Math.Abs(x);
        if (Ellipsoid(new(side - 38, y - spineFront - 14, 0), new(17, 21, 1000)) < 0)
            return PhantomTissue.Muscle;
        return Vessel(x, y, z) ?? Kidney(x, y, z) ?? Liver(x, y, z, wall) ?? Bowel(x, y, z, wall);
    }

    private PhantomTissue? Vessel(double x, double y, double z)
    {
        // Below the fork each vessel splits into two that diverge.
        var apart = Math.Max(0, _forkMm - z) * 0.45;
        var aorta = Math.Abs(Math.Abs(x - 9) - apart);
        var vein = Math.Abs(Math.Abs(x + 20) - apart);
        var dy = y - spineFront + 11 - (0.2 * apart);
        if ((aorta * aorta) + (dy * dy) < (apart > 0 ? 36 : 81))
            return PhantomTissue.Aorta;
        return (vein * vein) + ((dy - 2) * (dy - 2)) < (apart > 0 ? 42 : 110) ? PhantomTissue.InferiorVenaCava : null;
    }

    private PhantomTissue? Kidney(double x, double y, double z)
    {
        var middle = x < 0 ? _rightKidneyMm : _rightKidneyMm + _leftKidneyHigherMm;
        var q = new Vector3D(Math.Abs(x) - 68 - (0.12 * (middle - z)), y - spineFront - 4, z - middle);
        var kidney = Ellipsoid(q, new Vector3D(29, 25, 54) * _kidneySize);
        if (kidney > 7)
            return null;
        if (kidney > 0)
            return PhantomTissue.Fat;
        var pelvis = Ellipsoid(q - new Vector3D(-14, 0, 0), new Vector3D(18, 9, 22) * _kidneySize);
        return pelvis < 0 ? (pelvis < -5 ? PhantomTissue.Fluid : PhantomTissue.Fat) : PhantomTissue.Kidney;
    }

    private PhantomTissue? Liver(double x, double y, double z, double wall)
    {
        var edge = _liverLeft - (0.35 * Math.Max(y - front - 30, 0)) - (1.1 * (-150 - z));
        return z > _liverBottomMm && x < edge && wall < -3 && y < spineFront + 14 ? PhantomTissue.Liver : null;
    }

    // Loops are where a smooth noise is high, surrounded by a wall of even thickness.
    private PhantomTissue Bowel(double x, double y, double z, double wall)
    {
        if (wall > -5 || y > spineFront + 6)
            return PhantomTissue.Fat;
        var p = new Vector3D(x, y, z);
        var loop = _loops.At(p);
        if (loop < 0.02)
            return PhantomTissue.Fat;
        if (loop < 0.09)
            return PhantomTissue.Muscle;
        return _content.At(p) - (0.004 * (y - front - 60)) > 0.2 ? PhantomTissue.Gas : PhantomTissue.Fluid;
    }
}
