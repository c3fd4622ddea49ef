namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Tissue intensities in any routine chest CT, redrawn for every image after SynthSeg (Billot et al. 2023): from unenhanced
/// scans, where walls all but vanish, to pulmonary angiographies, and sometimes beyond what any protocol produces.
/// </summary>
/// <remarks>
/// Ranges in Hounsfield units: blood without contrast 30–55, down to 25 in anaemia, myocardium 35–60; CCTA 300–500 in the left
/// heart and under 175 in the right in half of the scans; venous phase 120–200 throughout; pulmonary angiography 300–600 in the
/// right heart; superior vena cava during injection up to 1500.
/// </remarks>
internal static class ClinicalContrast
{
    private const double Native = 0.3;
    private const double Venous = 0.15;
    private const double Arterial = 0.27;
    private const double Pulmonary = 0.12;

    /// <summary>Draws every tissue's mean, texture and mottle.</summary>
    public static TissueIntensities Draw(SeededRandom random)
    {
        var blood = Blood.Draw(random);
        var t = new TissueIntensities(random.NextUInt64());
        SetHeart(t, blood, random);
        SetBody(t, blood, random);
        SetClinical(t, blood, random.Derive("clinical"));
        return t;
    }

    private static void SetHeart(TissueIntensities t, Blood blood, SeededRandom random)
    {
        var myocardium = blood.Myocardium;
        // Streams of blood with and without agent, which mix in the right heart.
        var mottle = Math.Clamp((blood.Cava - blood.FromLegs) * random.Uniform(0, 0.5), 0, 220);
        Set(PhantomTissue.Myocardium, myocardium, random.Uniform(0, 16), random.Uniform(0, 12));
        Set(PhantomTissue.HeartWall, myocardium * random.Uniform(0.7, 1.05), 12);
        Set(PhantomTissue.VesselWall, random.Uniform(30, 75));
        Set(PhantomTissue.LeftVentricle, Near(blood.Left), 0, random.Uniform(0, 10));
        Set(PhantomTissue.LeftTrabecula, Mix(myocardium, blood.Left, random.Uniform(0.1, 0.9)), 25);
        Set(PhantomTissue.LeftAtrium, Near(blood.LeftAtrium), 0, random.Uniform(0, 10));
        Set(PhantomTissue.PulmonaryVein, Near(blood.LeftAtrium), 0, random.Uniform(0, 15));
        Set(PhantomTissue.AscendingAorta, Near(blood.Aorta), 0, random.Uniform(0, 8));
        Set(PhantomTissue.Aorta, Near(blood.Aorta), 0, random.Uniform(0, 8));
        Set(PhantomTissue.Coronary, blood.Aorta * random.Uniform(0.6, 1), 40);
        Set(PhantomTissue.RightAtrium, blood.Right, 0, mottle);
        Set(PhantomTissue.RightVentricle, Near(blood.RightVentricle), 0, 0.4 * mottle);
        Set(PhantomTissue.RightTrabecula, Mix(myocardium, blood.RightVentricle, random.Uniform(0.2, 0.9)), 25);
        Set(PhantomTissue.PulmonaryArtery, blood.Artery, 0, 0.1 * mottle);
        Set(PhantomTissue.PulmonaryBranch, Near(blood.Artery), 0, 0.1 * mottle);
        Set(PhantomTissue.LungVessel, Mix(blood.Artery, blood.LeftAtrium, random.NextDouble()), 60);
        Set(PhantomTissue.SuperiorVenaCava, blood.Cava, 0, 0.8 * mottle);
        Set(PhantomTissue.InferiorVenaCava, blood.FromLegs, 0, 0.3 * mottle);

        void Set(PhantomTissue tissue, double mean, double texture = 0, double unevenness = 0) =>
            t.Set(tissue, mean, texture, unevenness);
        double Near(double hu) => hu * (1 + (0.03 * random.NextGaussian()));
    }

    private static void SetBody(TissueIntensities t, Blood blood, SeededRandom random)
    {
        var enhanced = Math.Clamp((blood.Left - 50) / 400, 0, 1);
        Set(PhantomTissue.Air, -1000);
        Set(PhantomTissue.Lung, random.Uniform(-920, -660), random.Uniform(20, 90), random.Uniform(10, 60));
        Set(PhantomTissue.Gas, random.Uniform(-1000, -900));
        Set(PhantomTissue.Fat, random.Uniform(-118, -75), 22, random.Uniform(0, 20));
        Set(PhantomTissue.Muscle, random.Uniform(30, 72), 18, random.Uniform(0, 15));
        Set(PhantomTissue.BoneCortex, random.Uniform(350, 1300), 260);
        Set(PhantomTissue.BoneMarrow, random.Uniform(60, 320), 140, 30);
        Set(PhantomTissue.Cartilage, random.Uniform(60, 250), 40);
        Set(PhantomTissue.SpinalCanal, random.Uniform(10, 45), 10);
        Set(PhantomTissue.Liver, random.Uniform(25, 72) + (60 * enhanced * random.NextDouble()), 12, random.Uniform(0, 15));
        Set(PhantomTissue.Spleen, random.Uniform(38, 60) + (110 * enhanced * random.NextDouble()), 12, 20 * enhanced);
        Set(PhantomTissue.Fluid, random.Uniform(-5, 35), 15, 10);
        Set(PhantomTissue.Oesophagus, random.Uniform(25, 60), random.Uniform(10, 70));
        Set(PhantomTissue.AirwayWall, random.Uniform(-100, 60));
        Set(PhantomTissue.Kidney, random.Uniform(25, 50) + (blood.Left * random.Uniform(0.1, 0.5)), 20, 30);
        Set(PhantomTissue.Brain, random.Uniform(30, 44), 8, 4);

        void Set(PhantomTissue tissue, double mean, double texture = 0, double unevenness = 0) =>
            t.Set(tissue, mean, texture, unevenness);
    }

    private static void SetClinical(TissueIntensities t, Blood blood, SeededRandom random)
    {
        // Veins carry blood that has passed through an organ: between blood from the legs and from the left heart.
        t.Set(PhantomTissue.CoronarySinus, Mix(blood.FromLegs, blood.Left, random.Uniform(0, 0.9)), 0, 10);
        var backflow = random.Chance(0.2) ? random.NextDouble() : 0;
        t.Set(PhantomTissue.Azygos, Mix(blood.FromLegs, blood.Cava, backflow), 0, 10);
        t.Set(PhantomTissue.LiverVessel, Mix(blood.FromLegs, blood.Left, random.Uniform(0, 0.4)));
        t.Set(PhantomTissue.StomachContent, random.Uniform(-20, 120), random.Uniform(10, 110), 60);
        t.Set(PhantomTissue.PericardialFluid, random.Uniform(0, 45), 5);
        t.Set(PhantomTissue.PleuralEffusion, random.Uniform(0, 35), 5);
        var perfused = random.Uniform(-300, 60) + (random.NextDouble() * Math.Max(blood.Artery - 60, 0) * 0.3);
        t.Set(PhantomTissue.Consolidation, perfused, 140, 90);
        t.Set(PhantomTissue.Calcification, random.Uniform(250, 1500), 150);
    }

    private static double Mix(double a, double b, double share) => a + ((b - a) * share);

    /// <summary>The brightness of blood in each part of the heart, and of the myocardium.</summary>
    private sealed record Blood(
        double Left,
        double LeftAtrium,
        double Aorta,
        double Right,
        double RightVentricle,
        double Artery,
        double Cava,
        double FromLegs,
        double Myocardium)
    {
        public static Blood Draw(SeededRandom random)
        {
            var native = random.Uniform(26, 56);
            var kind = random.NextDouble();
            if ((kind -= Native) < 0)
                return Even(native, random.Uniform(0, 2.5), random.Uniform(33, 60), random);
            if ((kind -= Venous) < 0)
            {
                var mixed = random.Uniform(95, 230);
                return Even(mixed, 0.04 * mixed, Math.Min(random.Uniform(70, 130), mixed - 15), random);
            }

            if ((kind -= Arterial) < 0)
            {
                var left = random.Uniform(200, 560);
                var right = random.NextDouble() < 0.35 ? random.Uniform(native, 110) : random.Uniform(80, 0.95 * left);
                var artery = Mix(right, left, random.Uniform(0, 0.8));
                return new(
                    left, left * random.Uniform(0.92, 1.08), left * random.Uniform(0.92, 1.08), right,
                    Mix(right, artery, random.Uniform(0, 0.7)), artery, Injected(right, random),
                    random.Uniform(native, native + (0.5 * right)), random.Uniform(68, 135));
            }

            if ((kind -= Pulmonary) < 0)
            {
                var right = random.Uniform(240, 650);
                var left = random.Uniform(native, 0.9 * right);
                return new(
                    left, Mix(left, right, random.Uniform(0, 0.5)), left * random.Uniform(0.8, 1.05), right,
                    right * random.Uniform(0.9, 1.05), right * random.Uniform(0.85, 1.1), Injected(right, random),
                    random.Uniform(native, native + (0.5 * right)), random.Uniform(42, 100));
            }

            // Beyond any protocol: every part is drawn independently, so that only shape and position tell them apart.
            double Any() => random.Uniform(20, 500);
            return new(Any(), Any(), Any(), Any(), Any(), Any(), random.Uniform(20, 900), Any(), random.Uniform(20, 170));
        }

        private static Blood Even(double blood, double spread, double myocardium, SeededRandom random)
        {
            double Near() => blood + (spread * random.NextGaussian());
            return new(Near(), Near(), Near(), Near(), Near(), Near(), Near(), Near(), myocardium);
        }

        private static double Injected(double right, SeededRandom random) =>
            random.NextDouble() < 0.6 ? Math.Min(1500, right + random.Uniform(0, 900)) : right * random.Uniform(0.8, 1.1);
    }
}
