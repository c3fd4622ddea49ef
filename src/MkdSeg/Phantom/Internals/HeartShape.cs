namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Parameters of one person's heart, in the heart's frame: millimetres along the patient's left, back and head relative
/// to the heart's centre, before the heart's own rotation and scaling. Mean sizes follow a public whole-heart template.
/// </summary>
internal sealed record HeartShape
{
    /// <summary>Size of the whole heart relative to the mean.</summary>
    public double Scale { get; init; }

    /// <summary>Stretch along each axis.</summary>
    public Vector3D Stretch { get; init; }

    /// <summary>The heart's axes in the body.</summary>
    public Direction Rotation { get; init; } = Direction.Identity;

    /// <summary>Direction from the mitral valve to the apex.</summary>
    public Vector3D LvAxis { get; init; }

    /// <summary>Half axes of the left ventricular cavity across the long axis, and its length, mm.</summary>
    public Vector3D LvSizeMm { get; init; }

    /// <summary>Wall thickness of the left ventricle, mm.</summary>
    public double WallMm { get; init; }

    /// <summary>Linear size factors of the other chambers and vessels.</summary>
    public double La { get; init; }

    public double Ra { get; init; }

    public double Rv { get; init; }

    public double Aa { get; init; }

    public double Pa { get; init; }

    /// <summary>Random shifts of vessel control points and appendages, in [−1, 1].</summary>
    public IReadOnlyList<double> Jitter { get; init; } = [];

    /// <summary>Roughness of the ventricles' inner surface, 0 to 1.</summary>
    public double Trabeculation { get; init; }

    /// <summary>Mean thickness of the epicardial fat, mm.</summary>
    public double FatMm { get; init; }

    /// <summary>Half thickness of the papillary muscles at their root, mm.</summary>
    public double PapillaryMm { get; init; } = 4;

    /// <summary>Distance over which fat rounds the grooves between chambers, mm; 0 leaves them open.</summary>
    public double SacFilletMm { get; init; }

    /// <summary>Distance by which a wide ascending aorta displaces its neighbours, mm.</summary>
    public double RootPushMm { get; init; }

    /// <summary>Normally distributed random shifts of vessel control points; none beyond the end of the list.</summary>
    public IReadOnlyList<Vector3D> Wobbles { get; init; } = [];

    /// <summary>Growths of single chambers, in the order in which they are undone.</summary>
    public IReadOnlyList<ChamberGrowth> Growths { get; init; } = [];

    /// <summary>Transforms a point of the body (mm from the heart's centre, patient axes) into the heart's frame.</summary>
    public Vector3D ToHeart(Vector3D body) => Shrink(ToGrown(body));

    /// <summary>Like <see cref="ToHeart"/>, but without undoing the growths.</summary>
    public Vector3D ToGrown(Vector3D body) => new(
        body.Dot(Rotation.AxisX) / (Scale * Stretch.X),
        body.Dot(Rotation.AxisY) / (Scale * Stretch.Y),
        body.Dot(Rotation.AxisZ) / (Scale * Stretch.Z));

    /// <summary>Undoes the growths.</summary>
    public Vector3D Shrink(Vector3D grown)
    {
        foreach (var growth in Growths)
            grown = growth.Undo(grown);
        return grown;
    }

    /// <summary>The inverse of <see cref="ToHeart"/>.</summary>
    public Vector3D ToBody(Vector3D heart)
    {
        for (var i = Growths.Count - 1; i >= 0; i--)
            heart = Growths[i].Apply(heart);
        return (Rotation.AxisX * (heart.X * Scale * Stretch.X))
            + (Rotation.AxisY * (heart.Y * Scale * Stretch.Y))
            + (Rotation.AxisZ * (heart.Z * Scale * Stretch.Z));
    }

    /// <summary>Returns a normal random shift of a vessel's control point, in units of about its standard deviation.</summary>
    public Vector3D Wobble(int index) => index < Wobbles.Count ? Wobbles[index] : default;

    /// <summary>Draws a heart.</summary>
    public static HeartShape Sample(SeededRandom random, PhantomVariation variation)
    {
        if (variation == PhantomVariation.Clinical)
            return ClinicalHeart.Sample(random.Derive("volumes")).Shape(random.Derive("shape"));

        // Standard deviations; sizes vary per direction, so volumes vary about three times as much.
        var (sizeSpread, chamberSpread, angle) = variation switch
        {
            PhantomVariation.Anatomy => (0.075, 2.2, 15.0),
            PhantomVariation.Wide => (0.065, 1.0, 12.0),
            _ => (0.045, 1.0, 7.5),
        };
        angle *= Math.PI / 180;
        double Factor(double spread) => random.Normal(1, chamberSpread * spread);
        double Offset(double spread) => random.Normal(0, chamberSpread * spread);
        var scale = random.Normal(1, sizeSpread);
        var stretch = new Vector3D(Factor(0.03), Factor(0.03), Factor(0.03));
        var rotation = Rotate(random.Normal(0, angle), random.Normal(0, angle), random.Normal(0, angle));
        var axis = new Vector3D(0.60 + Offset(0.05), -0.62 + Offset(0.05), -0.50 + Offset(0.05)).Unit();
        var lv = Factor(0.045);
        var shape = new HeartShape
        {
            Scale = scale,
            Stretch = stretch,
            Rotation = rotation,
            LvAxis = axis,
            LvSizeMm = new(15.7 * lv * Factor(0.04), 15.7 * lv * Factor(0.04), 73 * lv * Factor(0.03)),
            WallMm = 9.9 * Factor(0.08),
            La = Factor(0.04),
            Ra = Factor(0.04),
            Rv = Factor(0.04),
            Aa = Factor(0.06),
            Pa = Factor(0.06),
            Trabeculation = random.Uniform(0.3, 1),
            FatMm = random.Uniform(2.5, 6.5),
        };
        var jitter = new double[48];
        for (var i = 0; i < jitter.Length; i++)
            jitter[i] = random.Uniform(-1, 1);
        return shape with { Jitter = jitter };
    }

    /// <summary>Returns a rotation by angles in radians.</summary>
    public static Direction Rotate(double aboutX, double aboutY, double aboutZ)
    {
        var (sx, cx) = Math.SinCos(aboutX);
        var (sy, cy) = Math.SinCos(aboutY);
        var (sz, cz) = Math.SinCos(aboutZ);
        return new(
            new(cy * cz, (sx * sy * cz) - (cx * sz), (cx * sy * cz) + (sx * sz)),
            new(cy * sz, (sx * sy * sz) + (cx * cz), (cx * sy * sz) - (sx * cz)),
            new(-sy, sx * cy, cx * cy));
    }
}
