namespace MkdSeg.Phantom.Internals;

/// <summary>Balanced steady-state free-precession MR: bright blood and fat, dark grey muscle, black lung.</summary>
internal static class MrAppearance
{
    /// <summary>Renders a person: whole arbitrary units from 0 to 4095.</summary>
    public static float[] Render(TissueRaster raster, SeededRandom random, PhantomVariation variation)
    {
        var wide = variation is PhantomVariation.Wide or PhantomVariation.Clinical;
        var grid = raster.Grid;
        var size = grid.Size;
        var image = raster.Render(Intensities(random, variation));
        var blurMm = random.Uniform(0.8, wide ? 1.8 : 1.3);
        GaussianFilter.Blur(
            image, size, new(blurMm / grid.SpacingMm.X, blurMm / grid.SpacingMm.Y, 0.4 * blurMm / grid.SpacingMm.Z));

        var bias = new LatticeNoise(random.NextUInt64(), 110);
        var biasSize = wide ? random.Uniform(0.2, 0.6) : random.Uniform(0.15, 0.4);
        var coil = new Vector3D(random.Uniform(-0.0012, 0.0012), random.Uniform(-0.0035, -0.0005), 0);
        var gain = random.Uniform(0.5, 1.7);
        var sigma = wide ? random.Uniform(12, 50) : random.Uniform(15, 34);
        var noise = random.Derive("noise");
        Parallel.For(0, size.Z, z =>
        {
            var slice = noise.Derive((ulong)z);
            var at = z * size.SliceLength;
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++, at++)
                {
                    var p = grid.ToPoint(new(x, y, z));
                    var signal = image[at] * Math.Exp((biasSize * bias.At(p)) + coil.Dot(p));
                    var real = signal + (sigma * slice.NextGaussian());
                    var imaginary = sigma * slice.NextGaussian();
                    var magnitude = Math.Sqrt((real * real) + (imaginary * imaginary)); // Rician
                    image[at] = (float)Math.Min(Math.Round(gain * magnitude), 4095);
                }
            }
        });
        return image;
    }

    private static TissueIntensities Intensities(SeededRandom random, PhantomVariation variation)
    {
        var wide = variation is PhantomVariation.Wide or PhantomVariation.Clinical;
        var blood = random.Uniform(620, 760);
        var muscle = random.Uniform(wide ? 150 : 180, wide ? 330 : 270);
        var fat = variation switch
        {
            PhantomVariation.Anatomy => random.Uniform(90, 220), // fat-suppressed, as whole-heart protocols are
            PhantomVariation.Wide => random.Uniform(300, 800),
            PhantomVariation.Clinical => random.Uniform(90, 800),
            _ => random.Uniform(520, 800),
        };
        var t = new TissueIntensities(random.NextUInt64());
        t.Set(PhantomTissue.Air, 0);
        t.Set(PhantomTissue.Lung, random.Uniform(25, 60), 30);
        t.Set(PhantomTissue.Gas, 5);
        t.Set(PhantomTissue.Fat, fat, Math.Min(90, 0.3 * fat), Math.Min(60, 0.2 * fat));
        t.Set(PhantomTissue.Muscle, muscle * random.Uniform(0.75, 0.95), 40, 20);
        t.Set(PhantomTissue.BoneCortex, 60, 30);
        t.Set(PhantomTissue.BoneMarrow, random.Uniform(280, 430), 80);
        t.Set(PhantomTissue.Cartilage, random.Uniform(200, 320), 40);
        t.Set(PhantomTissue.SpinalCanal, random.Uniform(650, 850), 120);
        t.Set(PhantomTissue.Liver, random.Uniform(230, 340), 40, 25);
        t.Set(PhantomTissue.Spleen, random.Uniform(320, 460), 30);
        t.Set(PhantomTissue.Fluid, random.Uniform(300, 700), 60, 40);
        t.Set(PhantomTissue.Oesophagus, 240, 90);
        t.Set(PhantomTissue.AirwayWall, 150);
        t.Set(PhantomTissue.Myocardium, muscle, 24, 24);
        t.Set(PhantomTissue.HeartWall, muscle, 24);
        t.Set(PhantomTissue.VesselWall, 0.9 * muscle);
        t.Set(PhantomTissue.LeftVentricle, blood * random.Normal(1, 0.03), 25, 70);
        t.Set(PhantomTissue.LeftTrabecula, (0.7 * muscle) + (0.3 * blood), 50);
        t.Set(PhantomTissue.LeftAtrium, blood * random.Normal(0.97, 0.03), 25, 80);
        t.Set(PhantomTissue.PulmonaryVein, 0.92 * blood, 50);
        t.Set(PhantomTissue.AscendingAorta, blood * random.Normal(0.97, 0.05), 25, 110);
        t.Set(PhantomTissue.Aorta, blood * random.Normal(0.97, 0.05), 25, 60);
        t.Set(PhantomTissue.Coronary, 0.7 * blood, 60);
        t.Set(PhantomTissue.RightAtrium, blood * random.Normal(0.93, 0.04), 25, 90);
        t.Set(PhantomTissue.RightVentricle, blood * random.Normal(0.96, 0.03), 25, 80);
        t.Set(PhantomTissue.RightTrabecula, (0.5 * muscle) + (0.5 * blood), 50);
        t.Set(PhantomTissue.PulmonaryArtery, blood * random.Normal(0.93, 0.05), 25, 110);
        t.Set(PhantomTissue.PulmonaryBranch, 0.85 * blood, 50);
        t.Set(PhantomTissue.LungVessel, 0.55 * blood, 90);
        t.Set(PhantomTissue.SuperiorVenaCava, blood * random.Normal(0.92, 0.05), 25, 70);
        t.Set(PhantomTissue.InferiorVenaCava, blood * random.Normal(0.9, 0.05), 25, 70);
        // From a separate stream, so that the draws above do not change.
        var more = random.Derive("abdomen and head");
        t.Set(PhantomTissue.Kidney, more.Uniform(300, 450), 40, 40);
        t.Set(PhantomTissue.Brain, more.Uniform(220, 320), 30, 20);
        more = random.Derive("clinical");
        t.Set(PhantomTissue.CoronarySinus, blood * more.Uniform(0.7, 1), 25);
        t.Set(PhantomTissue.Azygos, blood * more.Uniform(0.6, 1), 25);
        t.Set(PhantomTissue.LiverVessel, blood * more.Uniform(0.5, 0.9), 25);
        t.Set(PhantomTissue.StomachContent, more.Uniform(150, 600), 120, 80);
        t.Set(PhantomTissue.PericardialFluid, more.Uniform(500, 900), 40);
        t.Set(PhantomTissue.PleuralEffusion, more.Uniform(500, 900), 40);
        t.Set(PhantomTissue.Consolidation, more.Uniform(150, 400), 80, 50);
        t.Set(PhantomTissue.Calcification, 20);
        return t;
    }
}
