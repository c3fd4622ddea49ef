using static MkdSeg.Phantom.Internals.Shapes;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// The features that <see cref="PhantomVariation.Clinical"/> adds to the thorax: breathing, pericardium and its fluid, effusions,
/// consolidations, breasts, shoulder blades, arms. Coordinates as in <see cref="ThoraxAnatomy"/>, x from the midline.
/// </summary>
internal sealed class ClinicalChest
{
    private readonly double _armMm;
    private readonly double _armGapMm;
    private readonly double _breastMm;
    private readonly double _fluidMm;
    private readonly double _fatPadMm;
    private readonly double _rightEffusionMm;
    private readonly double _leftEffusionMm;
    private readonly (Vector3D Centre, double RadiusMm)[] _consolidations;
    private readonly LatticeNoise _rough;

    public ClinicalChest(SeededRandom random, double heartBottomMm)
    {
        ArmsDown = random.Chance(0.35);
        _armMm = random.Uniform(32, 52);
        _armGapMm = random.Uniform(2, 18);
        _breastMm = random.Chance(0.45) ? random.Uniform(8, 55) : 0;
        MediastinumMm = random.Uniform(20, 38);
        RightDomeMm = random.Uniform(6, 50);
        LeftDomeMm = Math.Max(RightDomeMm - random.Uniform(2, 28), -6);
        HeartBedMm = random.Uniform(6, 22);
        DomeCurve = random.Uniform(110, 260);
        _fluidMm = random.Chance(0.12) ? random.Uniform(3, 18) : random.Uniform(0, 1);
        _fatPadMm = random.Uniform(0, 14);
        _rightEffusionMm = Effusion();
        _leftEffusionMm = Effusion();
        StomachMm = new(random.Uniform(26, 56), random.Uniform(28, 54), random.Uniform(22, 46));
        StomachAt = new(random.Uniform(44, 72), random.Uniform(-26, 8), random.Uniform(-62, -34));
        Food = random.Chance(0.5);
        LeftLobeMm = random.Uniform(-5, 85);
        var count = random.Chance(0.3) ? 1 + random.NextInt(3) : 0;
        _consolidations =
        [
            .. Enumerable.Range(0, count).Select(_ => (
                new Vector3D(
                    (random.Chance(0.5) ? -1 : 1) * random.Uniform(40, 100),
                    random.Uniform(-40, 70),
                    heartBottomMm + random.Uniform(-10, 150)),
                random.Uniform(8, 34))),
        ];
        _rough = new(random.NextUInt64(), 9);

        double Effusion() => random.Chance(0.16) ? random.Uniform(8, 70) : -20;
    }

    /// <summary>Whether the arms lie beside the trunk instead of above the head.</summary>
    public bool ArmsDown { get; }

    /// <summary>Half width of the mediastinum above the heart, mm.</summary>
    public double MediastinumMm { get; }

    /// <summary>Heights of the diaphragm's domes above the heart's lowest point, mm.</summary>
    public double RightDomeMm { get; }

    public double LeftDomeMm { get; }

    /// <summary>Depth of the heart's bed in the diaphragm, mm.</summary>
    public double HeartBedMm { get; }

    /// <summary>Larger for flatter domes.</summary>
    public double DomeCurve { get; }

    /// <summary>Half axes and centre (relative to the heart's bottom) of the stomach, mm.</summary>
    public Vector3D StomachMm { get; }

    public Vector3D StomachAt { get; }

    /// <summary>Whether the stomach is filled with food instead of fluid.</summary>
    public bool Food { get; }

    /// <summary>How far the liver reaches to the left of the midline, mm.</summary>
    public double LeftLobeMm { get; }

    /// <summary>Returns the fluid, membrane or fat pad over the heart's own fat; null beyond them.</summary>
    public PhantomTissue? Pericardium(Vector3D p, double outsideFat, double aboveBottom)
    {
        if (outsideFat > 1.2 + (1.9 * _fluidMm) + (2.9 * _fatPadMm))
            return null;
        var fluid = _fluidMm * (1 + (0.9 * _rough.At(p * 0.3)));
        if (outsideFat < fluid)
            return PhantomTissue.PericardialFluid;
        if (outsideFat < fluid + 1.2)
            return PhantomTissue.Muscle;
        var pad = _fatPadMm * (0.4 + (1.2 * SmoothStep(50, 0, aboveBottom))) * (1 + (0.8 * _rough.At(p * 0.2)));
        return outsideFat < fluid + 1.2 + pad ? PhantomTissue.Fat : null;
    }

    /// <summary>Returns lung, or the effusion or consolidation that replaces it.</summary>
    public PhantomTissue Lung(Vector3D p, double x, double depthFromBackMm, double aboveDiaphragm)
    {
        var level = x < 0 ? _rightEffusionMm : _leftEffusionMm;
        var height = depthFromBackMm + (0.35 * aboveDiaphragm);
        if (height < level)
        {
            return height < level - (0.15 * level * (1 + _rough.At(p * 0.3)))
                ? PhantomTissue.PleuralEffusion
                : PhantomTissue.Consolidation;
        }

        foreach (var (centre, radius) in _consolidations)
        {
            var offset = new Vector3D(x, p.Y, p.Z) - centre;
            var square = radius * radius; // the noise is evaluated only where it matters
            if (offset.Dot(offset) < 3.6 * square
                && offset.Dot(offset) < square * (1 + (1.4 * _rough.At(p)) + (1.2 * _rough.At(p * 0.4))))
            {
                return PhantomTissue.Consolidation;
            }
        }

        return PhantomTissue.Lung;
    }

    /// <summary>Returns the tissue at a point outside the trunk's skin: breast, arm or air.</summary>
    public PhantomTissue Outside(Vector3D p, double x, double front, double ribHalfWidth)
    {
        var side = Math.Abs(x);
        if (_breastMm > 0)
        {
            var breast = Ellipsoid(
                new(side - (0.52 * ribHalfWidth), p.Y - front + 12, p.Z - 5), new(58, 26 + _breastMm, 62));
            if (breast < 0)
            {
                if (breast > -2)
                    return PhantomTissue.Muscle;
                return breast < -12 && _rough.At(p * 0.7) > 0.18 ? PhantomTissue.Muscle : PhantomTissue.Fat;
            }
        }

        if (!ArmsDown)
            return PhantomTissue.Air;
        var (dx, dy) = (side - ribHalfWidth - 14 - _armMm - _armGapMm, p.Y - front - 80);
        var arm = Math.Sqrt((dx * dx) + (dy * dy));
        if (arm > _armMm)
            return PhantomTissue.Air;
        if (arm < 11)
            return arm > 7 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        return arm > _armMm - 2 || arm < _armMm * 0.75 ? PhantomTissue.Muscle : PhantomTissue.Fat;
    }

    /// <summary>Returns the bone of a shoulder blade in the chest wall; null elsewhere.</summary>
    public PhantomTissue? ShoulderBlade(double x, double y, double z, double ribs, double ribCentreY)
    {
        var side = Math.Abs(x);
        if (z < 25 || y < ribCentreY + 8 || side < 58 - (0.2 * z) + (ArmsDown ? 0 : 12) || side > 108 - (0.25 * z))
            return null;
        var depth = Math.Abs(ribs - 17);
        return depth > 4 ? null : depth > 2 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
    }
}
