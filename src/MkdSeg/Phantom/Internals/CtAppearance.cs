namespace MkdSeg.Phantom.Internals;

/// <summary>Contrast-enhanced CT in Hounsfield units, in the arterial or the equilibrium phase.</summary>
internal static class CtAppearance
{
    /// <summary>Renders a person: whole Hounsfield units from −1024 to 3071.</summary>
    public static float[] Render(
        TissueRaster raster, PhantomAnatomy anatomy, SeededRandom random, PhantomVariation variation)
    {
        var wide = variation is PhantomVariation.Wide or PhantomVariation.Clinical;
        var intensities = variation switch
        {
            PhantomVariation.Clinical => ClinicalContrast.Draw(random),
            PhantomVariation.Anatomy => Intensities(random, Enhancement.Equilibrium(random)),
            _ => Intensities(random, Enhancement.Arterial(random, wide)),
        };
        var image = raster.Render(intensities);
        var grid = raster.Grid;
        var bright = intensities[PhantomTissue.SuperiorVenaCava];
        AddStreaks(image, grid, anatomy.SuperiorVenaCava, Math.Clamp((bright - 350) / 600, 0, 1) * 90, random);
        var blurMm = wide ? random.Uniform(0.5, 1.7) : random.Uniform(0.7, 1.1);
        GaussianFilter.Blur(image, grid.Size, PerVoxel(grid, blurMm, 0.5 * blurMm));
        AddNoise(
            image,
            grid,
            wide ? random.Uniform(10, 50) : random.Uniform(20, 40),
            wide ? random.Uniform(0.7, 1.6) : random.Uniform(0.9, 1.3),
            wide ? random.Uniform(0, 0.7) : random.Uniform(0.2, 0.5),
            random.Derive("noise"));
        for (var i = 0; i < image.Length; i++)
            image[i] = Math.Clamp(MathF.Round(image[i]), -1024, 3071);
        return image;
    }

    private static TissueIntensities Intensities(SeededRandom random, Enhancement blood)
    {
        var (left, right, artery, cava, myocardium) = blood;
        var mottle = Math.Clamp((cava - right) * random.Uniform(0.15, 0.45), 10, 190);
        var t = new TissueIntensities(random.NextUInt64());
        t.Set(PhantomTissue.Air, -1000);
        t.Set(PhantomTissue.Lung, random.Uniform(-860, -770), 55, 25);
        t.Set(PhantomTissue.Gas, -970);
        t.Set(PhantomTissue.Fat, random.Uniform(-112, -88), 22, 8);
        t.Set(PhantomTissue.Muscle, random.Uniform(44, 66), 18, 8);
        t.Set(PhantomTissue.BoneCortex, random.Uniform(500, 1000), 260);
        t.Set(PhantomTissue.BoneMarrow, random.Uniform(120, 260), 140, 30);
        t.Set(PhantomTissue.Cartilage, random.Uniform(80, 130), 30);
        t.Set(PhantomTissue.SpinalCanal, 30, 10);
        t.Set(PhantomTissue.Liver, random.Uniform(55, 95), 12, 8);
        t.Set(PhantomTissue.Spleen, random.Uniform(80, 140), 12, 20);
        t.Set(PhantomTissue.Fluid, random.Uniform(10, 45), 20, 10);
        t.Set(PhantomTissue.Oesophagus, 42, 60);
        t.Set(PhantomTissue.AirwayWall, 20);
        t.Set(PhantomTissue.Myocardium, myocardium, 14, 12);
        t.Set(PhantomTissue.HeartWall, 0.8 * myocardium, 14);
        t.Set(PhantomTissue.VesselWall, 45);
        t.Set(PhantomTissue.LeftVentricle, left * random.Normal(0.98, 0.03), 0, 8);
        t.Set(PhantomTissue.LeftTrabecula, (0.8 * myocardium) + (0.2 * left), 30);
        t.Set(PhantomTissue.LeftAtrium, left * random.Normal(1, 0.03), 0, 8);
        t.Set(PhantomTissue.PulmonaryVein, left * random.Normal(1, 0.03));
        t.Set(PhantomTissue.AscendingAorta, left * random.Normal(1, 0.02), 0, 6);
        t.Set(PhantomTissue.Aorta, left * random.Normal(0.99, 0.02), 0, 6);
        t.Set(PhantomTissue.Coronary, 0.85 * left, 60);
        t.Set(PhantomTissue.RightAtrium, right, 0, mottle);
        t.Set(PhantomTissue.RightVentricle, right * random.Normal(1, 0.05), 0, 0.4 * mottle);
        t.Set(PhantomTissue.RightTrabecula, (0.6 * myocardium) + (0.4 * right), 30);
        t.Set(PhantomTissue.PulmonaryArtery, artery, 0, 0.1 * mottle);
        t.Set(PhantomTissue.PulmonaryBranch, artery * random.Normal(1, 0.03));
        t.Set(PhantomTissue.LungVessel, 0.45 * (artery + left), 60);
        t.Set(PhantomTissue.SuperiorVenaCava, cava, 0, 0.9 * mottle);
        var fromLegs = blood.IsMixed ? right : random.Uniform(45, 45 + (0.4 * right));
        t.Set(PhantomTissue.InferiorVenaCava, fromLegs, 0, 0.3 * mottle);
        // From a separate stream, so that the draws above do not change.
        var more = random.Derive("abdomen and head");
        t.Set(PhantomTissue.Kidney, more.Uniform(40, 60) + (left * more.Uniform(0.1, 0.5)), 20, 30);
        t.Set(PhantomTissue.Brain, more.Uniform(32, 44), 8, 4);
        return t;
    }

    private static Vector3D PerVoxel(Grid grid, double transverseMm, double alongMm)
    {
        double Sigma(int axis) =>
            (Math.Abs(grid.Direction[axis].Z) > 0.5 ? alongMm : transverseMm) / grid.SpacingMm[axis];
        return new(Sigma(0), Sigma(1), Sigma(2));
    }

    /// <summary>Adds dark and bright streaks around undiluted contrast agent, in the transverse plane.</summary>
    private static void AddStreaks(float[] image, Grid grid, Vector3D centre, double amplitude, SeededRandom random)
    {
        var seed = random.NextUInt64();
        if (amplitude < 1)
            return;
        var size = grid.Size;
        var rays = new LatticeNoise(seed, 1);
        Parallel.For(0, size.Z, z =>
        {
            var at = z * size.SliceLength;
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++, at++)
                {
                    var p = grid.ToPoint(new(x, y, z)) - centre;
                    if (p.Z < -40)
                        continue;
                    var r = Math.Sqrt((p.X * p.X) + (p.Y * p.Y));
                    if (r is < 8 or > 90)
                        continue;
                    var (cos, sin) = (p.X / r, p.Y / r);
                    var ray = rays.At(new(cos * 5, sin * 5, p.Z / 4));
                    var fade = Math.Exp((8 - r) / 24) * Shapes.SmoothStep(-40, -20, p.Z);
                    image[at] += (float)(amplitude * 1.6 * ray * fade);
                }
            }
        });
    }

    /// <summary>Adds blurred white noise minus a share of its wider blur; sharper kernels have a larger share.</summary>
    private static void AddNoise(
        float[] image, Grid grid, double sd, double correlationMm, double sharpness, SeededRandom random)
    {
        var size = grid.Size;
        var sigma = PerVoxel(grid, correlationMm, 0.5 * correlationMm);
        Parallel.For(
            0,
            size.Z,
            () => (Fine: new float[size.SliceLength], Broad: new float[size.SliceLength]),
            (z, _, buffers) =>
            {
                var (fine, broad) = buffers;
                var slice = random.Derive((ulong)z);
                for (var i = 0; i < fine.Length; i++)
                    fine[i] = (float)slice.NextGaussian();
                GaussianFilter.BlurSlice(fine, size, sigma.X, sigma.Y);
                fine.CopyTo(broad, 0);
                GaussianFilter.BlurSlice(broad, size, 2 * sigma.X, 2 * sigma.Y);
                var squares = 0.0;
                for (var i = 0; i < fine.Length; i++)
                {
                    fine[i] -= (float)(sharpness * broad[i]);
                    squares += fine[i] * fine[i];
                }

                var gain = (float)(sd / Math.Sqrt(squares / fine.Length));
                var target = image.AsSpan(z * size.SliceLength, size.SliceLength);
                for (var i = 0; i < fine.Length; i++)
                    target[i] += gain * fine[i];
                return buffers;
            },
            _ => { });
    }

    /// <summary>Brightness of contrast-enhanced blood and myocardium, HU.</summary>
    private sealed record Enhancement(double Left, double Right, double Artery, double Cava, double Myocardium)
    {
        /// <summary>Whether all blood carries the same amount of agent.</summary>
        public bool IsMixed { get; private init; }

        /// <summary>The agent is passing through the left heart: every chamber has its own brightness.</summary>
        public static Enhancement Arterial(SeededRandom random, bool wide)
        {
            var left = wide ? random.Uniform(150, 550) : random.Uniform(260, 480);
            var right = wide
                ? random.Uniform(60, Math.Min(450, left * 1.1))
                : random.Uniform(110, 0.85 * left);
            var artery = right + ((left - right) * random.Uniform(0.1, 0.8));
            var cava = Math.Min(right + random.Uniform(60, 800), 1500);
            return new(left, right, artery, cava, random.Uniform(68, 112) + (0.05 * (left - 350)));
        }

        /// <summary>Minutes later: all blood is equally bright; only shape and position distinguish chambers, as in MR.</summary>
        public static Enhancement Equilibrium(SeededRandom random)
        {
            var blood = random.Uniform(150, 220);
            return new(
                blood,
                blood * random.Normal(1, 0.03),
                blood * random.Normal(1, 0.03),
                blood * random.Normal(1, 0.03),
                random.Uniform(90, 115))
            {
                IsMixed = true,
            };
        }
    }
}
