namespace MkdSeg.Phantom.Internals;

/// <summary>One person's anatomy: the tissue at each point. Patient axes LPS, millimetres from the heart's centre.</summary>
internal sealed class PhantomAnatomy
{
    private static readonly (VesselKind Kind, PhantomTissue Blood)[] UnlabelledVessels =
    [
        (VesselKind.Calcification, PhantomTissue.Calcification), (VesselKind.Aorta, PhantomTissue.Aorta),
        (VesselKind.PulmonaryBranch, PhantomTissue.PulmonaryBranch),
        (VesselKind.PulmonaryVein, PhantomTissue.PulmonaryVein),
        (VesselKind.SuperiorVenaCava, PhantomTissue.SuperiorVenaCava),
        (VesselKind.InferiorVenaCava, PhantomTissue.InferiorVenaCava), (VesselKind.Coronary, PhantomTissue.Coronary),
        (VesselKind.CoronarySinus, PhantomTissue.CoronarySinus), (VesselKind.Azygos, PhantomTissue.Azygos),
    ];

    private readonly HeartShape _shape;
    private readonly HeartAnatomy _heart;
    private readonly VesselTree _vessels;
    private readonly ThoraxAnatomy _thorax;
    private readonly WarpField _warp;
    private readonly WarpField? _growths;
    private readonly Vector3D _heartLow;
    private readonly Vector3D _heartHigh;

    /// <summary>Draws a person.</summary>
    public PhantomAnatomy(SeededRandom random, PhantomVariation variation)
    {
        _shape = HeartShape.Sample(random.Derive("heart"), variation);
        _heart = new(_shape, random.Derive("texture").NextUInt64());
        var body = random.Derive("body");
        var clinical = variation == PhantomVariation.Clinical;
        var midline = -10 + body.Normal(0, clinical ? 9 : 4);
        var spineFront = _shape.ToBody(new(-7, 49, 0)).Y + body.Uniform(clinical ? 4 : 9, 14);
        var (low, high) = (new Vector3D(-200, -180, -170), new Vector3D(200, 190, 170));
        _warp = variation switch
        {
            PhantomVariation.Default => new(body.NextUInt64(), 2.8, 1.1, low, high),
            PhantomVariation.Clinical => new(
                body.NextUInt64(), body.Uniform(0, 9), body.Uniform(2.5, 4.5), body.Uniform(0.8, 1.6), low, high),
            _ => new(body.NextUInt64(), 3.4, 1.1, low, high),
        };
        if (_shape.Growths.Count > 0)
            _growths = new(q => _shape.Shrink(q) - q, new(-150, -150, -150), new(150, 150, 150));
        _vessels = VesselPlan.Lay(_heart, _shape, midline, spineFront, random.Derive("vessels"));
        (_heartLow, _heartHigh) = (new(-150, -150, -150), new(150, 150, 150));
        (_heartLow, _heartHigh) = FindHeart();
        _thorax = new(midline, spineFront, _heartLow.Y + 3, _heartLow.Z + 3, _shape.FatMm, body, variation);
    }

    /// <summary>Lower corner of the box around all labelled structures, with a margin of about 6 mm.</summary>
    public Vector3D HeartLow => _heartLow;

    /// <summary>Upper corner of the same box.</summary>
    public Vector3D HeartHigh => _heartHigh;

    /// <summary>Centre of the body in the transverse plane.</summary>
    public Vector3D BodyCentre => _thorax.Centre;

    /// <summary>A point on the centre line of the superior vena cava, for the artefacts it causes in CT.</summary>
    public Vector3D SuperiorVenaCava => _shape.ToBody(new(-40, -2, 50));

    /// <summary>Returns the tissue at a point.</summary>
    public PhantomTissue TissueAt(Vector3D point)
    {
        var p = point + _warp.At(point);
        var q = ToHeart(p);
        Span<double> vessels = stackalloc double[VesselTree.KindCount];
        _vessels.Distances(q, vessels);
        var chamber = ChamberAt(point, q, vessels, out var outside);
        return TissueClass.Of(chamber) != 0 ? chamber : Around(p, vessels, outside, chamber);
    }

    private Vector3D ToHeart(Vector3D p)
    {
        if (_growths is null)
            return _shape.ToHeart(p);
        var grown = _shape.ToGrown(p);
        return grown + _growths.At(grown);
    }

    private PhantomTissue Around(Vector3D p, ReadOnlySpan<double> vessels, double outside, PhantomTissue chamber)
    {
        foreach (var (kind, blood) in UnlabelledVessels)
        {
            if (vessels[(int)kind] < 0)
                return blood;
        }

        if (chamber != PhantomTissue.Air)
            return chamber;
        var great = Math.Min(
            Math.Min(vessels[(int)VesselKind.AscendingAorta], vessels[(int)VesselKind.Aorta]),
            Math.Min(vessels[(int)VesselKind.PulmonaryArtery], vessels[(int)VesselKind.SuperiorVenaCava]));
        if (great < 1.4)
            return PhantomTissue.VesselWall;
        var airway = vessels[(int)VesselKind.Airway];
        if (airway < 0)
            return airway < -1.4 ? PhantomTissue.Gas : PhantomTissue.AirwayWall;
        var oesophagus = vessels[(int)VesselKind.Oesophagus];
        if (oesophagus < 0)
            return PhantomTissue.Oesophagus;
        var mediastinal = Math.Min(
            Math.Min(great, Math.Min(airway + 1.5, oesophagus)), vessels[(int)VesselKind.Coronary]);
        var tissue = _thorax.At(p, outside, mediastinal, vessels[(int)VesselKind.InferiorVenaCava]);
        if (tissue == PhantomTissue.Liver && vessels[(int)VesselKind.LiverVessel] < 0)
            return PhantomTissue.LiverVessel;
        return tissue == PhantomTissue.Lung && vessels[(int)VesselKind.LungVessel] < 0
            ? PhantomTissue.LungVessel
            : tissue;
    }

    private PhantomTissue ChamberAt(Vector3D point, Vector3D q, ReadOnlySpan<double> vessels, out double outside)
    {
        var margin = 14 + _shape.SacFilletMm;
        if (point.X > _heartLow.X - margin && point.X < _heartHigh.X + margin
            && point.Y > _heartLow.Y - margin && point.Y < _heartHigh.Y + margin
            && point.Z > _heartLow.Z - margin && point.Z < _heartHigh.Z + margin)
        {
            return _heart.At(q, vessels, out outside);
        }

        outside = VesselTree.Far;
        return PhantomTissue.Air;
    }

    private (Vector3D Low, Vector3D High) FindHeart()
    {
        const double Step = 4;
        const int Half = 32;
        const int Margin = 2; // slivers may slip between the points
        var (lowX, lowY, lowZ) = (Half, Half, Half);
        var (highX, highY, highZ) = (-Half, -Half, -Half);
        Span<double> vessels = stackalloc double[VesselTree.KindCount];
        for (var k = -Half; k <= Half; k++)
        {
            for (var j = -Half; j <= Half; j++)
            {
                for (var i = -Half; i <= Half; i++)
                {
                    var point = new Vector3D(i * Step, j * Step, k * Step);
                    var q = ToHeart(point + _warp.At(point));
                    _vessels.Distances(q, vessels);
                    if (TissueClass.Of(_heart.At(q, vessels, out _)) == 0)
                        continue;
                    (lowX, lowY, lowZ) = (Math.Min(lowX, i), Math.Min(lowY, j), Math.Min(lowZ, k));
                    (highX, highY, highZ) = (Math.Max(highX, i), Math.Max(highY, j), Math.Max(highZ, k));
                }
            }
        }

        return (
            new((lowX - Margin) * Step, (lowY - Margin) * Step, (lowZ - Margin) * Step),
            new((highX + Margin) * Step, (highY + Margin) * Step, (highZ + Margin) * Step));
    }
}
