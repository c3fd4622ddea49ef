namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Hearts as any chest CT may show them: men and women from end diastole to end systole, with volumes as measured by CT
/// (sources in docs/phantom.md); some of them dilated, thickened, overloaded or small, in every pose.
/// </summary>
internal sealed record ClinicalHeart
{
    private const double FitStepMm = 7;
    private const double FitRangeMm = 119;

    /// <summary>Whether the norms for men apply.</summary>
    public bool IsMale { get; private init; }

    /// <summary>0 at end diastole, 1 at end systole.</summary>
    public double Systole { get; private init; }

    /// <summary>Target volumes by class index, mL; 0 where there is no target.</summary>
    public double[] VolumesMl { get; } = new double[8];

    /// <summary>Inner diameters of ascending aorta and pulmonary trunk, mm.</summary>
    public double AortaMm { get; private set; }

    public double TrunkMm { get; private set; }

    /// <summary>Draws a patient.</summary>
    public static ClinicalHeart Sample(SeededRandom random)
    {
        var heart = new ClinicalHeart
        {
            IsMale = random.Chance(0.55),
            Systole = random.Chance(0.4) ? random.NextDouble() : random.Uniform(0, 0.35),
        };
        var size = random.NextGaussian();
        heart.VolumesMl[TissueClass.Lv] = Volume(113, 98, 0.23, 42, 34, 0.36);
        heart.VolumesMl[TissueClass.Myo] = Volume(138, 103, 0.2, 138, 103, 0.2);
        heart.VolumesMl[TissueClass.Rv] = Volume(158, 128, 0.22, 80, 64, 0.3);
        heart.VolumesMl[TissueClass.La] = Volume(70, 62, 0.28, 98, 86, 0.28);
        heart.VolumesMl[TissueClass.Ra] = Volume(92, 78, 0.28, 115, 96, 0.28);
        heart.AortaMm = (heart.IsMale ? 32.6 : 30.6) * random.Normal(1 + (0.03 * size), 0.12);
        heart.TrunkMm = 0.77 * heart.AortaMm * random.Normal(1, 0.12);
        heart.Sicken(random.Derive("disease"));
        return heart;

        // A third of the spread is due to body size, which all chambers share.
        double Volume(double menEd, double womenEd, double spreadEd, double menEs, double womenEs, double spreadEs)
        {
            var (ed, es) = heart.IsMale ? (menEd, menEs) : (womenEd, womenEs);
            var spread = spreadEd + ((spreadEs - spreadEd) * heart.Systole);
            var own = Math.Clamp((0.55 * size) + (0.84 * random.NextGaussian()), -2.2, 2.6);
            return (ed + ((es - ed) * heart.Systole)) * Math.Max(1 + (spread * own), 0.4);
        }
    }

    /// <summary>Draws pose and shapes, then grows chambers and wall to their target volumes.</summary>
    public HeartShape Shape(SeededRandom random)
    {
        var angle = 13.5 * Math.PI / 180;
        var size = (IsMale ? 1.04 : 0.97) * random.Normal(1, 0.06);
        double Factor(double spread) => random.Normal(1, spread);
        double Offset(double spread) => random.Normal(0, spread);
        var axis = new Vector3D(0.60 + Offset(0.09), -0.62 + Offset(0.09), -0.50 + Offset(0.09));
        var shape = new HeartShape
        {
            Scale = size,
            Stretch = new(Factor(0.05), Factor(0.05), Factor(0.06)),
            Rotation = HeartShape.Rotate(Turn(0), Turn(-0.05), Turn(0)),
            LvAxis = axis.Unit(),
            LvSizeMm = new(16.5 * Factor(0.08), 16.5 * Factor(0.08), 71 * Factor(0.07)),
            WallMm = 9.9,
            La = Factor(0.05),
            Ra = Factor(0.05),
            Rv = Factor(0.05),
            Aa = AortaMm / 29.6 / size,
            Pa = TrunkMm / 21.8 / size,
            RootPushMm = (AortaMm / size / 2) - 15.2,
            Trabeculation = random.Uniform(0.1, 1.4),
            PapillaryMm = random.Uniform(2.8, 5.5),
            FatMm = random.Chance(0.3) ? random.Uniform(5, 12) : random.Uniform(0.8, 6),
            SacFilletMm = random.Uniform(14, 34),
            Jitter = [.. Enumerable.Range(0, 48).Select(_ => random.Uniform(-2, 2))],
            Wobbles = [.. Enumerable.Range(0, 48).Select(_ => new Vector3D(Offset(1), Offset(1), Offset(1)))],
        };
        return Fit(shape);

        double Turn(double mean) => mean + (angle * Math.Clamp(random.NextGaussian(), -2.6, 2.6));
    }

    private void Sicken(SeededRandom random)
    {
        if (random.Chance(0.1))
            Grow((TissueClass.Lv, 1.3, 2.3), (TissueClass.Myo, 1.1, 1.5), (TissueClass.La, 1, 1.5));
        if (random.Chance(0.13))
            Grow((TissueClass.Myo, 1.2, 1.8), (TissueClass.Lv, 0.7, 1));
        if (random.Chance(0.15))
            Grow((TissueClass.La, 1.3, 2.1), (TissueClass.Ra, 1, 1.6));
        if (random.Chance(0.1))
        {
            Grow((TissueClass.Rv, 1.2, 1.8), (TissueClass.Ra, 1.2, 2));
            TrunkMm = Math.Max(TrunkMm, random.Uniform(28, 38));
        }

        if (random.Chance(0.08))
        {
            var all = random.Uniform(1.2, 2);
            GrowChambers(all, all);
            Grow((TissueClass.Myo, 1.1, 1.6));
        }

        if (random.Chance(0.08))
        {
            GrowChambers(0.65, 0.9);
            Grow((TissueClass.Myo, 0.7, 0.95));
        }

        if (random.Chance(0.1))
            AortaMm = Math.Max(AortaMm, random.Uniform(38, 49));

        void GrowChambers(double from, double to) =>
            Grow((TissueClass.Lv, from, to), (TissueClass.Rv, from, to), (TissueClass.La, from, to), (TissueClass.Ra, from, to));

        void Grow(params (byte Label, double From, double To)[] changes)
        {
            foreach (var (label, from, to) in changes)
                VolumesMl[label] = Math.Min(VolumesMl[label] * random.Uniform(from, to), 300);
        }
    }

    private HeartShape Fit(HeartShape shape)
    {
        byte[] order = [TissueClass.Lv, TissueClass.La, TissueClass.Rv, TissueClass.Ra];
        var scales = new double[] { 1, 1, 1, 1 };
        for (var pass = 0; pass < 3; pass++)
        {
            var heart = new HeartAnatomy(shape, 0);
            var volumes = Measure(heart, shape);
            for (var i = 0; i < order.Length; i++)
                scales[i] = Math.Clamp(scales[i] * Math.Cbrt(VolumesMl[order[i]] / volumes[order[i]]), 0.6, 2.4);
            var wall = Math.Clamp(VolumesMl[TissueClass.Myo] / volumes[TissueClass.Myo], 0.6, 1.6);
            shape = shape with
            {
                WallMm = Math.Clamp(shape.WallMm * Math.Pow(wall, 0.8), 5, 30), Growths = heart.Growths(scales),
            };
        }

        return shape;
    }

    private static double[] Measure(HeartAnatomy heart, HeartShape shape)
    {
        const int Half = (int)(FitRangeMm / FitStepMm);
        var counts = new int[8];
        Parallel.For(-Half, Half + 1, k =>
        {
            Span<int> own = stackalloc int[8];
            Span<double> vessels = stackalloc double[VesselTree.KindCount];
            vessels.Fill(VesselTree.Far);
            for (var j = -Half; j <= Half; j++)
            {
                for (var i = -Half; i <= Half; i++)
                {
                    var q = shape.Shrink(new Vector3D(i, j, k) * FitStepMm);
                    own[TissueClass.Of(heart.At(q, vessels, out _))]++;
                }
            }

            for (var label = 0; label < counts.Length; label++)
                Interlocked.Add(ref counts[label], own[label]);
        });
        var mm = shape.Scale * FitStepMm;
        var voxelMl = mm * mm * mm * shape.Stretch.X * shape.Stretch.Y * shape.Stretch.Z / 1000;
        return [.. counts.Select(count => Math.Max(count, 1) * voxelMl)];
    }
}
