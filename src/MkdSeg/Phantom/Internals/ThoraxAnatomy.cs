using static MkdSeg.Phantom.Internals.Shapes;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Everything around the heart and great vessels: skin, fat, chest wall, ribs, sternum, spine, lungs, diaphragm, liver,
/// stomach, spleen; regions far below and above are left to <see cref="AbdomenAnatomy"/> and <see cref="HeadAnatomy"/>.
/// Coordinates are millimetres along the patient's left, back and head from the heart's centre.
/// </summary>
internal sealed class ThoraxAnatomy
{
    private const double RibSpacingMm = 28;
    private const double VertebraMm = 26;

    // Volumes of the heart or the thorax alone do not reach beyond these.
    private const double AbdomenFromMm = -160;
    private const double NeckFromMm = 160;

    private readonly double _midline;
    private readonly double _spineFront;
    private readonly double _front;
    private readonly double _heartFatMm;
    private readonly double _skinFatMm;
    private readonly double _ribHalfWidth;
    private readonly double _ribHalfDepth;
    private readonly double _ribCentreY;
    private readonly double _bodyHalfWidth;
    private readonly double _bodyHalfDepth;
    private readonly double _diaphragmMm;
    private readonly double _rightDomeMm;
    private readonly double _leftDomeMm;
    private readonly double _gasMm;
    private readonly LatticeNoise _noise;
    private readonly AbdomenAnatomy _abdomen;
    private readonly ClinicalChest? _clinical;
    private readonly HeadAnatomy _head;

    /// <summary>Fits a thorax around a heart.</summary>
    public ThoraxAnatomy(
        double midlineMm,
        double spineFrontMm,
        double heartFrontMm,
        double heartBottomMm,
        double heartFatMm,
        SeededRandom random,
        PhantomVariation variation)
    {
        var wide = variation != PhantomVariation.Default;
        _midline = midlineMm;
        _spineFront = spineFrontMm;
        _front = heartFrontMm - random.Uniform(3, wide ? 16 : 10);
        _heartFatMm = heartFatMm;
        _skinFatMm = random.Uniform(8, variation == PhantomVariation.Clinical ? 46 : wide ? 34 : 20);
        _ribHalfWidth = 132 * random.Normal(1, wide ? 0.08 : 0.05);
        var back = spineFrontMm + 44;
        _ribHalfDepth = (back - _front) / 2;
        _ribCentreY = (back + _front) / 2;
        _bodyHalfWidth = _ribHalfWidth + 13 + _skinFatMm;
        _bodyHalfDepth = _ribHalfDepth + 22 + _skinFatMm;
        _diaphragmMm = heartBottomMm + random.Uniform(0, 6);
        _rightDomeMm = random.Uniform(14, 30);
        _leftDomeMm = random.Uniform(2, 14);
        if (variation == PhantomVariation.Clinical)
        {
            _clinical = new(random.Derive("clinical"), heartBottomMm);
            (_rightDomeMm, _leftDomeMm) = (_clinical.RightDomeMm, _clinical.LeftDomeMm);
        }

        _gasMm = random.Uniform(-15, 20);
        _noise = new(random.NextUInt64(), 16);
        _abdomen = new(spineFrontMm, _front, _skinFatMm, _diaphragmMm, random.Derive("abdomen"));
        _head = new(spineFrontMm, _skinFatMm, random.Derive("head"));
    }

    /// <summary>Centre of the body in the transverse plane.</summary>
    public Vector3D Centre => new(_midline, _ribCentreY + 8, 0);

    /// <summary>
    /// Returns the tissue at a point outside chambers and tubes, given its signed distances to the heart's surface, to the
    /// nearest large tube of the mediastinum, and to the inferior vena cava, mm.
    /// </summary>
    public PhantomTissue At(Vector3D p, double outsideHeart, double outsideVessels, double outsideCava)
    {
        var x = p.X - _midline;
        var skin = OutsideBody(x, p.Y);
        if (p.Z > NeckFromMm)
            return _head.At(x, p.Y, p.Z, skin + (1.7 * (p.Z - NeckFromMm)), OnSpine(x, p.Y, p.Z));
        if (skin > 0)
        {
            return _clinical?.Outside(p, x, _front - 22 - _skinFatMm, _ribHalfWidth + _skinFatMm) ?? PhantomTissue.Air;
        }

        if (OnSpine(x, p.Y, p.Z) is { } bone)
            return bone;
        if (p.Z < AbdomenFromMm)
            return _abdomen.At(x, p.Y, p.Z, skin, OutsideRibcage(x, p.Y, 1));
        if (Sternum(x, p.Y, p.Z) is { } sternum)
            return sternum;
        var taper = 1 - (0.45 * SmoothStep(10, 130, p.Z));
        var ribs = OutsideRibcage(x, p.Y, taper);
        if (ribs > 0)
            return ChestWall(x, p.Y, p.Z, ribs, skin);
        var aboveDiaphragm = p.Z - Diaphragm(x, p.Y);
        if (_clinical is not null)
            return Clinical(_clinical, p, x, ribs, outsideHeart, outsideVessels, aboveDiaphragm);
        var fat = _heartFatMm * (1 + (1.1 * _noise.At(p)));
        if (outsideHeart < Math.Max(fat, 0.8) || outsideVessels < 2.5 || outsideCava < 2.5)
            return PhantomTissue.Fat;
        if (aboveDiaphragm < 0)
            return aboveDiaphragm > -3 ? PhantomTissue.Muscle : Abdomen(x, p.Y, p.Z);
        if (InMediastinum(x, p.Y, p.Z))
            return _noise.At(p) > 0.42 ? PhantomTissue.Muscle : PhantomTissue.Fat;
        return ribs > -1 ? PhantomTissue.Muscle : PhantomTissue.Lung;
    }

    private PhantomTissue Clinical(
        ClinicalChest chest,
        Vector3D p,
        double x,
        double ribs,
        double outsideHeart,
        double outsideVessels,
        double aboveDiaphragm)
    {
        var heartFat = outsideHeart < 40 ? Math.Max(_heartFatMm * (1 + (0.9 * _noise.At(p * 0.5))), 0.8) : 0;
        // Below, only the diaphragm lies between heart and liver or stomach.
        if (aboveDiaphragm < 0)
        {
            if (outsideHeart < Math.Min(0.4 * heartFat, 3) || outsideVessels < 1)
                return PhantomTissue.Fat;
            return aboveDiaphragm > -2 || outsideHeart < 2 + (0.4 * heartFat)
                ? PhantomTissue.Muscle
                : UpperAbdomen(chest, x, p.Y, p.Z);
        }

        if (outsideHeart < heartFat || outsideVessels < 2.5)
            return PhantomTissue.Fat;
        if (chest.Pericardium(p, outsideHeart - heartFat, p.Z - _diaphragmMm) is { } pericardium)
            return pericardium;
        if (InClinicalMediastinum(chest, x, p.Y, p.Z))
            return _noise.At(p) > 0.5 ? PhantomTissue.Muscle : PhantomTissue.Fat;
        if (ribs > -1)
            return PhantomTissue.Muscle;
        return chest.Lung(p, x, _spineFront + 44 - p.Y, aboveDiaphragm);
    }

    private bool InClinicalMediastinum(ClinicalChest chest, double x, double y, double z)
    {
        // Between sternum and spine above the heart; between heart and spine; a thin sheet behind the sternum.
        var width = chest.MediastinumMm * (0.25 + (0.75 * SmoothStep(-20, 50, z)));
        var (u, v) = ((x - 2) / width, (y - ((_front + _spineFront) / 2)) / ((_spineFront + 8 - _front) / 2));
        if ((u * u) + (v * v * v * v) < 1 && (z > -10 || y > (_front + _spineFront) / 2))
            return true;
        var behind = 12 + (0.5 * chest.MediastinumMm);
        return Math.Abs(x - 6) < behind && y > _spineFront - 22 - (0.3 * (behind - Math.Abs(x - 6)))
            && y < _spineFront + 22 - (0.5 * Math.Abs(x - 6));
    }

    private PhantomTissue UpperAbdomen(ClinicalChest chest, double x, double y, double z)
    {
        var q = new Vector3D(x, y - _ribCentreY, z - _diaphragmMm) - chest.StomachAt;
        var stomach = Ellipsoid(q, chest.StomachMm);
        if (stomach < 0)
        {
            if (stomach > -4)
                return PhantomTissue.Muscle;
            if (q.Y < _gasMm - 12)
                return PhantomTissue.Gas;
            return chest.Food ? PhantomTissue.StomachContent : PhantomTissue.Fluid;
        }

        var noise = _noise.At(new(x, y, z));
        if (Ellipsoid(new(x - 92, y - _spineFront - 4, z - _diaphragmMm + 30), new(30, 42, 52)) < 3 * noise)
            return PhantomTissue.Spleen;
        if (stomach < 3)
            return PhantomTissue.Fat;
        // The left lobe gets thinner to the left.
        var edge = chest.LeftLobeMm + (14 * noise) - (0.35 * Math.Max(y - _front - 30, 0));
        var thick = 70 + (1.1 * Math.Max(0, edge - x));
        var besideSpine = y > _spineFront - 26 && x > -20;
        return x < edge && z > _diaphragmMm + 25 - thick && !besideSpine ? PhantomTissue.Liver : PhantomTissue.Fat;
    }

    private PhantomTissue? OnSpine(double x, double y, double z) =>
        y > _spineFront - 6 && Math.Abs(x) < 40 ? Spine(x, y, z) : null;

    private double OutsideBody(double x, double y)
    {
        var (u, v) = (Math.Abs(x) / _bodyHalfWidth, Math.Abs(y - _ribCentreY - 8) / _bodyHalfDepth);
        var r = Math.Cbrt((u * u * u) + (v * v * v));
        var length = Math.Sqrt((x * x) + ((y - _ribCentreY - 8) * (y - _ribCentreY - 8)));
        return r < 0.3 ? -60 : (r - 1) * length / r;
    }

    private double OutsideRibcage(double x, double y, double taper)
    {
        var dy = y - _ribCentreY;
        var (u, v) = (Math.Abs(x) / (_ribHalfWidth * taper), Math.Abs(dy) / (_ribHalfDepth * Math.Sqrt(taper)));
        var r = Math.Cbrt(Math.Sqrt(((u * u * u * u) + (v * v * v * v)) * ((u * u) + (v * v))));
        var length = Math.Sqrt((x * x) + (dy * dy));
        return r < 0.3 ? -60 : (r - 1) * length / r;
    }

    private PhantomTissue ChestWall(double x, double y, double z, double ribs, double skin)
    {
        if (ribs < 11)
        {
            var phase = (z + (0.45 * (_spineFront + 44 - y))) / RibSpacingMm;
            var along = (phase - Math.Floor(phase) - 0.5) * RibSpacingMm;
            var (a, b) = ((ribs - 6) / 4.5, along / 6.5);
            var e = (a * a) + (b * b);
            if (e < 1)
            {
                if (Math.Abs(x) < 62 && y < _front + 40)
                    return PhantomTissue.Cartilage;
                return e > 0.5 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
            }
        }

        if (_clinical?.ShoulderBlade(x, y, z, ribs, _ribCentreY) is { } blade)
            return blade;
        if (skin > -2)
            return PhantomTissue.Muscle;
        if (skin > -_skinFatMm)
            return PhantomTissue.Fat;
        return Math.Abs(_noise.At(new(x, y, z))) < 0.03 ? PhantomTissue.Fat : PhantomTissue.Muscle;
    }

    private PhantomTissue? Sternum(double x, double y, double z)
    {
        var d = Math.Max(Math.Abs(x) - 17, Math.Max(Math.Abs(y - _front + 7) - 5.5, Math.Abs(z - 18) - 78));
        return d >= 0 ? null : d > -1.8 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
    }

    private PhantomTissue? Spine(double x, double y, double z)
    {
        var body = Ellipsoid(new(x, y - _spineFront - 15, 0), new(18, 15, 1000));
        var level = z / VertebraMm;
        var along = (level - Math.Floor(level) - 0.5) * VertebraMm;
        var endplate = 10.5 - Math.Abs(along);
        if (body < 0)
        {
            if (endplate < 0)
                return PhantomTissue.Cartilage;
            return body > -1.2 || endplate < 1.2 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        }

        var canal = Ellipsoid(new(x, y - _spineFront - 40, 0), new(10, 8, 1000));
        if (canal < 0)
            return PhantomTissue.SpinalCanal;
        if (endplate > 1 && canal < 5)
            return canal is < 1.5 or > 3.5 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        var spinous = Math.Max(Math.Abs(x) - 3.5, Math.Max(y - _spineFront - 72, _spineFront + 46 - y));
        spinous = Math.Max(spinous, Math.Abs(along) - 6);
        var transverse = Math.Max(Math.Abs(y - _spineFront - 42) - 5, Math.Max(Math.Abs(x) - 34, Math.Abs(along) - 5));
        var process = Math.Min(spinous, transverse);
        if (process < 0)
            return process > -1.5 ? PhantomTissue.BoneCortex : PhantomTissue.BoneMarrow;
        var (u, v) = (x / 38, (y - _spineFront - 52) / 34);
        return body < 2.5 || (u * u) + (v * v) < 1 ? PhantomTissue.Muscle : null;
    }

    private double Diaphragm(double x, double y)
    {
        var dy = y - _ribCentreY;
        var curve = _clinical?.DomeCurve ?? 150;
        var right = _rightDomeMm - ((((x + 66) * (x + 66)) + ((dy + 4) * (dy + 4))) / curve);
        var left = _leftDomeMm - ((((x - 72) * (x - 72)) + ((dy + 2) * (dy + 2))) / curve);
        var middle = (_clinical?.HeartBedMm ?? 15) - ((dy + 28) * (dy + 28) / 380) - ((x - 28) * (x - 28) / 420);
        return _diaphragmMm - SmoothUnion(-middle, SmoothUnion(-right, -left, 12), 12);
    }

    private PhantomTissue Abdomen(double x, double y, double z)
    {
        var q = new Vector3D(x - 62, y - _ribCentreY + 12, z - _diaphragmMm + 44);
        var stomach = Ellipsoid(q, new(46, 46, 40));
        if (stomach < 0)
        {
            if (stomach > -4)
                return PhantomTissue.Muscle;
            return q.Y < _gasMm - 12 ? PhantomTissue.Gas : PhantomTissue.Fluid;
        }

        if (Ellipsoid(new(x - 92, y - _spineFront - 4, z - _diaphragmMm + 36), new(28, 40, 46)) < 0)
            return PhantomTissue.Spleen;
        var liverEdge = 44 - (0.35 * Math.Max(y - _front - 30, 0));
        return x < liverEdge && !(y > _spineFront - 26 && x > -20) ? PhantomTissue.Liver : PhantomTissue.Fat;
    }

    private bool InMediastinum(double x, double y, double z)
    {
        if (Math.Abs(x) < 20 && y > _spineFront - 20)
            return true;
        var line = 3 + (16 * Math.Exp(-(y - _front) / 7));
        if (Math.Abs(x - 4) < line && y < _spineFront - 20)
            return true;
        var width = 33 * SmoothStep(20, 62, z);
        if (width < 1)
            return false;
        var (u, v) = (x / width, (y - ((_front + _spineFront) / 2)) / ((_spineFront - _front) / 2));
        return (u * u) + (v * v) < 1;
    }
}
