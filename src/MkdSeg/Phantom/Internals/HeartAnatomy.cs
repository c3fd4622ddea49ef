using static MkdSeg.Phantom.Internals.Shapes;

namespace MkdSeg.Phantom.Internals;

/// <summary>
/// The chambers of the heart as implicit functions in the heart's frame, in order of precedence.
/// Contact rules: blood touches blood only through a valve (LA–LV, LV–AA, RA–RV, RV–PA) and where the right atrial
/// appendage lies on the aortic root (RA–AA). Walls separate LV–RV, LV–RA, LA–RA, LA–AA, LA–PA, AA–PA, RA–PA and RV–AA.
/// </summary>
internal sealed class HeartAnatomy
{
    private const double ApexOffsetMm = 14; // from the base plane to the cavity's widest point
    private const double WallGapMm = 3.2;   // between blood pools that do not touch
    private const double TieMm = 0.01;      // around a joint, both tubes are equally near: the unlabelled one wins
    private const double BaseCapMm = 3.5;   // myocardium around base and outflow tract

    private readonly HeartShape _shape;
    private readonly LatticeNoise _trabecula;
    private readonly LatticeNoise _wallNoise;
    private readonly Vector3D _u;
    private readonly Vector3D _v;
    private readonly Vector3D _towardsOutflow;
    private readonly Vector3D _outflowStart;
    private readonly Vector3D _mitral;
    private readonly double _mitralRadius;
    private readonly Vector3D _laCentre;
    private readonly Vector3D _laHalf;
    private readonly Vector3D _laAppendageFrom;
    private readonly Vector3D _laAppendageTo;
    private readonly Vector3D _raCentre;
    private readonly Vector3D _raHalf;
    private readonly Vector3D _raAppendageTo;
    private readonly Vector3D _tricuspid;
    private readonly Vector3D _tricuspidNormal;
    private readonly double _tricuspidRadius;
    private readonly Vector3D _rvCentre;
    private readonly Vector3D _rvHalf;
    private readonly Vector3D _rvAxis;
    private readonly Vector3D _rvSide;
    private readonly Vector3D _rvUp;
    private readonly Vector3D _infundibulum;
    private readonly (Vector3D From, Vector3D To)[] _papillary;

    public HeartAnatomy(HeartShape shape, ulong seed)
    {
        _shape = shape;
        _trabecula = new(seed + 11, 4.5);
        _wallNoise = new(seed + 12, 22);
        var j = shape.Jitter;

        var axis = shape.LvAxis;
        Base = new Vector3D(14, 14.6, -2) + (new Vector3D(j[0], j[1], j[2]) * 1.5);
        AorticValve = new Vector3D(3, 0, 4) + (new Vector3D(j[3], j[4], j[5]) * 1.5);
        AorticNormal = new Vector3D(-0.50, -0.15, 0.85).Unit();
        AorticRadius = 12.5 * shape.Aa;
        var across = AorticValve - Base;
        across -= axis * across.Dot(axis);
        _towardsOutflow = across.Unit();
        _u = _towardsOutflow;
        _v = axis.Cross(_u);
        _outflowStart = Base + (axis * 17) + (_towardsOutflow * 4);
        _mitral = Base - (_towardsOutflow * 4);
        _mitralRadius = Math.Min(14.5 * shape.La, 0.92 * Math.Min(shape.LvSizeMm.X, shape.LvSizeMm.Y));

        _laCentre = new Vector3D(-7, 28, 1) + (new Vector3D(j[6], j[7], j[8]) * 1.5);
        _laHalf = Vary(new Vector3D(33.5, 21, 28) * shape.La, 24);
        _laAppendageFrom = _laCentre + new Vector3D(21, -6, 7);
        _laAppendageTo = _laCentre + new Vector3D(33 + (2 * j[9]), -25 + (2 * j[10]), 14 + (2 * j[11]))
            + (shape.Wobble(27) * 3);

        _raCentre = new Vector3D(-33, -8, -15) + (new Vector3D(j[12], j[13], j[14]) * 1.5);
        _raHalf = Vary(new Vector3D(24, 25.5, 32.5) * shape.Ra, 25);
        _raAppendageTo = new Vector3D(-20 + (2 * j[15]), -24 + (2 * j[16]), 16 + (2 * j[17])) + (shape.Wobble(28) * 3);
        _tricuspid = new Vector3D(-9, -21, -25) + (new Vector3D(j[18], j[19], j[20]) * 1.5);
        _tricuspidNormal = new Vector3D(0.80, -0.48, -0.18).Unit();
        _tricuspidRadius = 17.5 * Math.Min(shape.Ra, shape.Rv);

        _rvAxis = new Vector3D(0.74 + (0.05 * j[21]), -0.38, -0.50 + (0.05 * j[22])).Unit();
        _rvSide = new Vector3D(0, 0, 1).Cross(_rvAxis).Unit();
        _rvUp = _rvAxis.Cross(_rvSide);
        _rvCentre = new Vector3D(9, -24, -31) + (new Vector3D(j[23], j[24], j[25]) * 1.5);
        _rvHalf = Vary(new Vector3D(34.5, 20.5, 26) * shape.Rv, 26);
        var aside = new Vector3D(0.4, -0.35, 0.1) * Math.Max(shape.RootPushMm, 0);
        _infundibulum = new Vector3D(9, -31, -8) + (new Vector3D(j[26], j[27], j[28]) * 1.5) + (aside * 0.6);
        PulmonaryValve = new Vector3D(10, -29, 16) + (new Vector3D(j[29], j[30], j[31]) * 1.5) + aside;
        PulmonaryNormal = new Vector3D(0.22, 0.35, 0.90).Unit();
        PulmonaryRadius = 13 * shape.Pa;
        _papillary = [Papillary(1.9 + (0.2 * j[32])), Papillary(3.9 + (0.2 * j[33]))];
    }

    private Vector3D Vary(Vector3D half, int wobble)
    {
        var w = _shape.Wobble(wobble);
        return new(half.X * (1 + (0.08 * w.X)), half.Y * (1 + (0.08 * w.Y)), half.Z * (1 + (0.08 * w.Z)));
    }

    /// <summary>Centre of the left ventricle's base plane.</summary>
    public Vector3D Base { get; }

    public Vector3D AorticValve { get; }

    public Vector3D AorticNormal { get; }

    public double AorticRadius { get; }

    public Vector3D PulmonaryValve { get; }

    public Vector3D PulmonaryNormal { get; }

    public double PulmonaryRadius { get; }

    /// <summary>Returns a point on the heart's outer surface over the left ventricle.</summary>
    public Vector3D OnEpicardium(double depth, double angle, double aboveMm)
    {
        var length = _shape.LvSizeMm.Z + _shape.WallMm;
        var s = depth * length;
        var t = Math.Max(s - ApexOffsetMm, 0) / (length - ApexOffsetMm);
        var radius = ((_shape.LvSizeMm.X + _shape.WallMm) * Math.Sqrt(Math.Max(1 - (t * t), 0))) + aboveMm;
        return Base + (_shape.LvAxis * s) + (((_u * Math.Cos(angle)) + (_v * Math.Sin(angle))) * radius);
    }

    /// <summary>Returns the angle of a direction around the long axis, as measured by <see cref="OnEpicardium"/>.</summary>
    public double AngleOf(Vector3D direction) => Math.Atan2(direction.Dot(_v), direction.Dot(_u));

    /// <summary>Returns a point on the ring around the tricuspid valve.</summary>
    public Vector3D OnTricuspidRing(double angle, double radiusMm)
    {
        var a = _tricuspidNormal.Cross(new Vector3D(0, 0, 1)).Unit();
        var b = _tricuspidNormal.Cross(a);
        return _tricuspid + (((a * Math.Cos(angle)) + (b * Math.Sin(angle))) * radiusMm);
    }

    /// <summary>Returns the chamber or vessel at a point, or <see cref="PhantomTissue.Air"/> if there is none.</summary>
    public PhantomTissue At(Vector3D q, ReadOnlySpan<double> vessels, out double outside)
    {
        var aorta = vessels[(int)VesselKind.AscendingAorta];
        var pulmonary = vessels[(int)VesselKind.PulmonaryArtery];
        var beyondAorticValve = (q - AorticValve).Dot(AorticNormal);
        var beyondPulmonaryValve = (q - PulmonaryValve).Dot(PulmonaryNormal);
        if (beyondAorticValve < 0)
            aorta = Math.Max(aorta, -beyondAorticValve);
        if (beyondPulmonaryValve < 0)
            pulmonary = Math.Max(pulmonary, -beyondPulmonaryValve);

        var lv = LeftVentricle(q, beyondAorticValve, out var s);
        var wall = Wall(q, s);
        var rv = RightVentricle(q, beyondPulmonaryValve);
        var ra = RightAtrium(q);
        var la = LeftAtrium(q);
        var surface = Math.Min(Math.Min(lv - wall, rv - 3), Math.Min(ra - 2, la - 2));
        outside = _shape.SacFilletMm > 0 ? Sac(lv - wall, rv - 3, ra - 2, la - 2) : surface;

        if (lv < 0)
            return LeftVentricleTissue(q, lv, s);
        if (aorta < 0 && aorta < vessels[(int)VesselKind.Aorta] - TieMm)
            return PhantomTissue.AscendingAorta;
        if (lv < wall && !(s < 0 && la < 0 && InMitralOrifice(q)))
            return PhantomTissue.Myocardium;

        if (la < 0 && la + (WallGapMm / 2) < ra && aorta > WallGapMm && pulmonary > WallGapMm)
            return PhantomTissue.LeftAtrium;

        var acrossTricuspid = (q - _tricuspid).Dot(_tricuspidNormal);
        if (acrossTricuspid > 0)
        {
            if (rv < 0 && aorta > WallGapMm && !(pulmonary < 0 && beyondPulmonaryValve > 0))
                return InAtrioventricularGroove(q, acrossTricuspid) ? PhantomTissue.Fat : RightVentricleTissue(q, rv);
        }
        else if (ra < 0 && ra + (WallGapMm / 2) < la && lv > wall + 2 && pulmonary > WallGapMm)
        {
            return InAtrioventricularGroove(q, acrossTricuspid) ? PhantomTissue.Fat : PhantomTissue.RightAtrium;
        }

        if (pulmonary < 0 && pulmonary < vessels[(int)VesselKind.PulmonaryBranch] - TieMm && aorta > 2)
            return PhantomTissue.PulmonaryArtery;
        if (surface < 0)
            return PhantomTissue.HeartWall;
        return PhantomTissue.Air;
    }

    /// <summary>
    /// Returns the growths of left ventricle, left atrium, right ventricle and right atrium for the given linear scales, in
    /// the order in which <see cref="HeartShape"/> undoes them.
    /// </summary>
    public IReadOnlyList<ChamberGrowth> Growths(IReadOnlyList<double> scales)
    {
        var size = _shape.LvSizeMm;
        (Vector3D Centre, Direction Axes, Vector3D Half)[] chambers =
        [
            (Base + (_shape.LvAxis * (0.42 * size.Z)), new(_u, _v, _shape.LvAxis), new(size.X, size.Y, 0.55 * size.Z)),
            (_laCentre, Direction.Identity, _laHalf),
            (_rvCentre, new(_rvAxis, _rvSide, _rvUp), _rvHalf),
            (_raCentre, Direction.Identity, _raHalf),
        ];
        var growths = new List<ChamberGrowth>();
        for (var i = 0; i < chambers.Length; i++)
        {
            var (centre, axes, half) = chambers[i];
            growths.Add(new(growths.Aggregate(centre, (point, growth) => growth.Apply(point)), axes, half, scales[i]));
        }

        growths.Reverse();
        return growths;
    }

    // The pericardium runs from chamber to chamber, over the fat in the grooves.
    private double Sac(double lv, double rv, double ra, double la)
    {
        var fillet = _shape.SacFilletMm;
        return SmoothUnion(SmoothUnion(lv, rv, fillet), SmoothUnion(ra, la, fillet), fillet);
    }

    private (Vector3D From, Vector3D To) Papillary(double angle)
    {
        var length = _shape.LvSizeMm.Z;
        var radial = (_u * Math.Cos(angle)) + (_v * Math.Sin(angle));
        return (
            Base + (_shape.LvAxis * (0.78 * length)) + (radial * (0.60 * _shape.LvSizeMm.X)),
            Base + (_shape.LvAxis * (0.45 * length)) + (radial * (0.55 * _shape.LvSizeMm.X)));
    }

    private double LeftVentricle(Vector3D q, double beyondAorticValve, out double s)
    {
        var offset = q - Base;
        s = offset.Dot(_shape.LvAxis);
        var size = _shape.LvSizeMm;
        var local = new Vector3D(offset.Dot(_u), offset.Dot(_v), s - ApexOffsetMm);
        var body = Ellipsoid(local, new(size.X, size.Y, size.Z - ApexOffsetMm));
        body = SmoothIntersection(body, -s, 3);
        var outflow = Capsule(q, _outflowStart, AorticValve, 12, AorticRadius * 0.93);
        return Math.Max(SmoothUnion(body, outflow, 4), beyondAorticValve);
    }

    private double Wall(Vector3D q, double s)
    {
        var depth = s / _shape.LvSizeMm.Z;
        var wall = _shape.WallMm * (1 - (0.3 * SmoothStep(0.6, 1.1, depth))) * (1 + (0.12 * _wallNoise.At(q)));
        return BaseCapMm + ((wall - BaseCapMm) * SmoothStep(-2, 8, s));
    }

    private bool InMitralOrifice(Vector3D q)
    {
        var offset = q - _mitral;
        var along = offset.Dot(_shape.LvAxis);
        return offset.Dot(offset) - (along * along) < _mitralRadius * _mitralRadius;
    }

    private double LeftAtrium(Vector3D q)
    {
        var body = Ellipsoid(q - _laCentre, _laHalf);
        var funnel = Capsule(q, _mitral - _shape.LvAxis, _laCentre, _mitralRadius, _mitralRadius);
        var appendage = Capsule(q, _laAppendageFrom, _laAppendageTo, 9 * _shape.La, 6.5 * _shape.La);
        return SmoothUnion(SmoothUnion(body, funnel, 6), appendage, 4);
    }

    private double RightAtrium(Vector3D q)
    {
        var body = Ellipsoid(q - _raCentre, _raHalf);
        var funnel = Capsule(q, _tricuspid, _raCentre, _tricuspidRadius, _tricuspidRadius);
        var appendage = Capsule(q, _raCentre + new Vector3D(3, -10, 18), _raAppendageTo, 12 * _shape.Ra, 8 * _shape.Ra);
        return SmoothUnion(SmoothUnion(body, funnel, 6), appendage, 5);
    }

    private double RightVentricle(Vector3D q, double beyondPulmonaryValve)
    {
        var offset = q - _rvCentre;
        var body = Ellipsoid(new(offset.Dot(_rvAxis), offset.Dot(_rvSide), offset.Dot(_rvUp)), _rvHalf);
        var funnel = Capsule(q, _tricuspid, _rvCentre, _tricuspidRadius, _tricuspidRadius);
        var outflow = Capsule(q, _infundibulum, PulmonaryValve, 16 * _shape.Rv, PulmonaryRadius * 0.95);
        return Math.Max(SmoothUnion(SmoothUnion(body, funnel, 6), outflow, 8), beyondPulmonaryValve);
    }

    private bool InAtrioventricularGroove(Vector3D q, double acrossTricuspid)
    {
        if (Math.Abs(acrossTricuspid) > 3)
            return false;
        var offset = q - _tricuspid;
        return offset.Dot(offset) - (acrossTricuspid * acrossTricuspid) > _tricuspidRadius * _tricuspidRadius;
    }

    private PhantomTissue LeftVentricleTissue(Vector3D q, double lv, double s)
    {
        var depth = s / _shape.LvSizeMm.Z;
        foreach (var (from, to) in _papillary)
        {
            if (Capsule(q, from, to, _shape.PapillaryMm, 0.7 * _shape.PapillaryMm) < 0)
                return PhantomTissue.LeftTrabecula;
        }

        var rough = _shape.Trabeculation * SmoothStep(0.15, 0.7, depth) * 4;
        return lv > -rough && _trabecula.At(q) > 0.25 + (-lv / Math.Max(rough, 1e-3) * 0.4)
            ? PhantomTissue.LeftTrabecula
            : PhantomTissue.LeftVentricle;
    }

    private PhantomTissue RightVentricleTissue(Vector3D q, double rv)
    {
        var rough = 2 + (3 * _shape.Trabeculation);
        return rv > -rough && _trabecula.At(q) > 0.2 + (-rv / rough * 0.5)
            ? PhantomTissue.RightTrabecula
            : PhantomTissue.RightVentricle;
    }
}
