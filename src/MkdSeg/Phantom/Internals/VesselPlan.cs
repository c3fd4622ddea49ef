namespace MkdSeg.Phantom.Internals;

/// <summary>
/// Lays the tubes of one person, in the heart's frame. The labelled vessels end at landmarks visible in an image: the
/// ascending aorta at the origin of the first branch of the arch, the pulmonary artery's branches at their first division.
/// </summary>
internal static class VesselPlan
{
    /// <summary>Lays all tubes.</summary>
    public static VesselTree Lay(
        HeartAnatomy heart, HeartShape shape, double midlineMm, double spineFrontMm, SeededRandom random)
    {
        var tree = new VesselTree();
        LayAorta(tree, heart, shape, midlineMm, spineFrontMm);
        var (right, left) = LayPulmonaryArtery(tree, heart, shape);
        LayVeins(tree, shape, midlineMm);
        LayAirways(tree, shape, midlineMm, spineFrontMm);
        LayCoronaries(tree, heart, shape);
        LayLungs(tree, right, left, random);
        if (shape.Wobbles.Count > 0)
            LaySmallVeins(tree, heart, shape, midlineMm, spineFrontMm, random.Derive("small veins"));
        tree.Build();
        return tree;
    }

    private static void LayAorta(
        VesselTree tree, HeartAnatomy heart, HeartShape shape, double midlineMm, double spineFrontMm)
    {
        var j = shape.Jitter;
        var a = shape.Aa;
        var root = heart.AorticValve;
        var r = heart.AorticRadius;
        // A wide aorta is also long: it bulges to the right and to the front and lifts the arch.
        var push = new Vector3D(-0.5, -0.25, 0.2) * shape.RootPushMm;
        var w = shape.Wobble(0) * 2;
        var end = new Vector3D(-18 + (2 * j[34]), 3 + (2 * j[35]), 75 + (2 * j[36])) + (w * 1.5) + (push * 0.6);
        tree.AddSpline(
            VesselKind.AscendingAorta,
            [root - (heart.AorticNormal * 3), root + (heart.AorticNormal * 11),
                new Vector3D(-15 + j[37], -8 + j[38], 27) + (push * 0.6),
                new Vector3D(-24 + (2 * j[37]), -11 + (2 * j[38]), 45) + push + w,
                new Vector3D(-25 + (2 * j[37]), -7, 62) + push + w, end],
            [r, 16.6 * a * Bulge(1), 14.3 * a * Bulge(2), 15.6 * a, 15 * a, 14 * a * Bulge(3)]);

        var down = new Vector3D(midlineMm + 26 + (3 * j[39]), spineFrontMm + 4, 0);
        Vector3D Down(double x, double y, double z) => shape.ToHeart(new(down.X + x, down.Y + y, z));
        tree.AddSpline(
            VesselKind.Aorta,
            [end, new Vector3D(-4, 20, 83) + (push * 0.5) + (w * 1.5), new Vector3D(10, 42, 80) + (w * 1.5),
                Down(-1, -6, 64), Down(0, 0, 40), Down(-1, 0, -10) + (shape.Wobble(4) * 4), Down(-6, -2, -70) + (shape.Wobble(5) * 5),
                Down(-16, -6, -220)],
            [14 * a, 13 * a, 12.5 * a, 12 * a, 11.5 * a, 11.5 * a, 11 * a, 10 * a]);
        var lift = (push * 0.5) + (w * 1.5);
        tree.AddSpline(VesselKind.Aorta, Moved(7, new(-12, 10, 84), new(-20, 6, 104), new(-34, 8, 130)), [7, 6, 4]);
        tree.AddSpline(VesselKind.Aorta, Moved(8, new(-3, 20, 88), new(4, 16, 110), new(8, 16, 150)), [4, 3.5, 3.2]);
        tree.AddSpline(VesselKind.Aorta, Moved(9, new(7, 36, 86), new(18, 32, 106), new(34, 30, 130)), [5, 4.5, 4]);

        double Bulge(int index) => 1 + (0.05 * shape.Wobble(index).X);

        Vector3D[] Moved(int index, Vector3D first, Vector3D second, Vector3D third) =>
            [first + lift, second + lift + (shape.Wobble(index) * 3), third + lift + (shape.Wobble(index) * 6)];
    }

    private static (Vector3D Right, Vector3D Left) LayPulmonaryArtery(
        VesselTree tree, HeartAnatomy heart, HeartShape shape)
    {
        var j = shape.Jitter;
        var p = shape.Pa;
        var valve = heart.PulmonaryValve;
        // A wide aorta pushes the trunk to the left and the right branch to the back; a wide trunk also shifts.
        var push = new Vector3D(0.4, -0.1, 0.1) * shape.RootPushMm;
        var own = Math.Max(p - 1, 0) * 13 * Math.Sign(shape.RootPushMm * shape.RootPushMm);
        push += new Vector3D(0.5, 0, 0.3) * own;
        var back = new Vector3D(0, 0.5 * (Math.Max(shape.RootPushMm, 0) + own), 0);
        var fork = new Vector3D(6 + j[40], 14 + j[41], 46 + j[42]) + push + (shape.Wobble(10) * 2);
        var right = new Vector3D(-58 + (2 * j[43]), 23 + (2 * j[44]), 36) + back + (shape.Wobble(11) * 4);
        var left = new Vector3D(38 + (2 * j[45]), 48 + (2 * j[46]), 44) + push + (shape.Wobble(12) * 4);
        tree.AddSpline(
            VesselKind.PulmonaryArtery,
            [valve - (heart.PulmonaryNormal * 3), valve + (heart.PulmonaryNormal * 6),
                new Vector3D(15, -14, 33) + push, new Vector3D(13, 0, 42) + push, fork],
            [heart.PulmonaryRadius, 13.2 * p, 12.8 * p, 12.6 * p, 12 * p]);
        tree.AddSpline(
            VesselKind.PulmonaryArtery,
            [fork, new Vector3D(-12, 19, 44) + back, new Vector3D(-34, 21, 40) + back + (shape.Wobble(11) * 2), right],
            [11.5 * p, 11 * p, 10.8 * p, 9.5 * p]);
        tree.AddSpline(
            VesselKind.PulmonaryArtery,
            [fork, new Vector3D(21, 24, 51) + push, new Vector3D(33, 37, 51) + push + (shape.Wobble(12) * 2), left],
            [11.5 * p, 11 * p, 10.5 * p, 9.5 * p]);
        tree.AddSpline(VesselKind.PulmonaryBranch, [right, new(-68, 28, 22), new(-72, 36, 2)], [8 * p, 6.5, 5]);
        tree.AddSpline(VesselKind.PulmonaryBranch, [right, new(-70, 17, 46), new(-80, 10, 60)], [6.5, 5, 4]);
        tree.AddSpline(VesselKind.PulmonaryBranch, [left, new(54, 54, 26), new(66, 60, 4)], [8 * p, 6.5, 5]);
        tree.AddSpline(VesselKind.PulmonaryBranch, [left, new(56, 40, 54), new(70, 32, 66)], [6.5, 5, 4]);
        return (right, left);
    }

    private static void LayVeins(VesselTree tree, HeartShape shape, double midlineMm)
    {
        var j = shape.Jitter;
        var aside = new Vector3D(-1.2, 0.3, 0) * shape.RootPushMm;
        var s = shape.Wobble(13) * 1.5;
        var wide = 1 + (0.14 * shape.Wobble(14).X);
        tree.AddSpline(
            VesselKind.SuperiorVenaCava,
            [new(-37, 2, 4), new Vector3D(-38, 2, 26) + (aside * 0.6) + s, new Vector3D(-40, -2, 50) + aside + s,
                new Vector3D(-39, -6, 80) + (aside * 0.7) + s, new Vector3D(-36, -10, 104) + s,
                new Vector3D(-14, -16, 112) + (shape.Wobble(15) * 4), new(30, -12, 124)],
            [10 * wide, 9.5 * wide, 9 * wide, 8.5 * wide, 7.5 * wide, 6, 6]);
        tree.AddSpline(
            VesselKind.SuperiorVenaCava,
            [new(-37, -9, 100), new(-54, -6, 126), new(-60, 0, 150)],
            [7, 6.5, 6]);
        var caval = 1 + (0.15 * shape.Wobble(16).X);
        tree.AddSpline(
            VesselKind.InferiorVenaCava,
            [new(-28, 2, -36), new Vector3D(-27, 8, -56) + (shape.Wobble(16) * 3),
                shape.ToHeart(new(midlineMm - 20, 24, -90)),
                shape.ToHeart(new(midlineMm - 22, 40, -220))],
            [11 * caval, 11.5 * caval, 12 * caval, 11]);
        tree.AddSpline(
            VesselKind.PulmonaryVein,
            Vein(17, new(-22, 28, 10), new(-42, 26, 16), new(-64, 20, 22), new(-82, 8, 30)),
            [7.5, 6.8, 5.5, 4]);
        tree.AddSpline(
            VesselKind.PulmonaryVein,
            Vein(18, new(-22, 34, -8), new(-42, 40, -12), new(-60, 50, -16), new(-80, 60, -34)),
            [7.5, 6.8, 5.5, 4]);
        tree.AddSpline(
            VesselKind.PulmonaryVein,
            Vein(19, new(8, 30, 12), new(30, 32, 20 + (2 * j[47])), new(48, 24, 30), new(66, 10, 44)),
            [7, 6.5, 5.5, 4]);
        tree.AddSpline(
            VesselKind.PulmonaryVein,
            Vein(20, new(8, 36, -4), new(28, 44, -8), new(46, 52, -14), new(64, 62, -34)),
            [7, 6.5, 5.5, 4]);

        Vector3D[] Vein(int index, Vector3D a, Vector3D b, Vector3D c, Vector3D d) =>
            [a, b + (shape.Wobble(index) * 2.5), c + (shape.Wobble(index) * 4), d];
    }

    private static void LayAirways(VesselTree tree, HeartShape shape, double midlineMm, double spineFrontMm)
    {
        Vector3D carina = new(midlineMm, spineFrontMm - 18, 56);
        Vector3D At(double x, double y, double z) => shape.ToHeart(carina + new Vector3D(x, y, z));
        tree.AddSpline(VesselKind.Airway, [At(0, -6, 144), At(0, -4, 34), At(0, 0, 0)], [8.5, 8.5, 8.5]);
        tree.AddSpline(VesselKind.Airway, [At(0, 0, 0), At(-20, 3, -14), At(-40, 8, -34)], [7.5, 6.5, 5]);
        tree.AddSpline(VesselKind.Airway, [At(0, 0, 0), At(24, 2, -16), At(46, 8, -32)], [7, 6, 4.5]);
        tree.AddSpline(
            VesselKind.Oesophagus,
            [At(2, 11, 144), At(4, 11, 4), At(5, 12, -56), At(14, 6, -126), At(30, -8, -152)],
            [6, 6.5, 6.5, 7, 7]);
    }

    private static void LayCoronaries(VesselTree tree, HeartAnatomy heart, HeartShape shape)
    {
        // The anterior interventricular groove lies just left of the pulmonary valve.
        var j = shape.Jitter;
        var front = (heart.PulmonaryValve - heart.Base).Unit();
        var angle = heart.AngleOf(front) + (0.1 * j[33]);
        var sign = Math.Sign(angle) == 0 ? 1 : Math.Sign(angle);
        Add(7, i => heart.OnEpicardium(-0.04 + (0.15 * i), angle + (sign * 0.45), 2.2), i => 2.1 - (0.15 * i));
        Add(
            8,
            i => heart.OnEpicardium(-0.02 + (0.01 * i), angle + (sign * (0.45 + (0.33 * i))), 2.5),
            i => 2 - (0.1 * i));
        Add(10, i => heart.OnTricuspidRing(-1.9 + (0.36 * i), 23 * shape.Ra), i => 2.2 - (0.07 * i));

        void Add(int count, Func<int, Vector3D> point, Func<int, double> radius) => tree.AddSpline(
            VesselKind.Coronary,
            [.. Enumerable.Range(0, count).Select(point)],
            [.. Enumerable.Range(0, count).Select(radius)]);
    }

    /// <summary>Lays coronary sinus, azygos, hepatic veins, coronary branches, coronary and aortic calcifications.</summary>
    private static void LaySmallVeins(
        VesselTree tree,
        HeartAnatomy heart,
        HeartShape shape,
        double midlineMm,
        double spineFrontMm,
        SeededRandom random)
    {
        Vector3D Body(double x, double y, double z) => shape.ToHeart(new(midlineMm + x, spineFrontMm + y, z));
        var front = heart.AngleOf((heart.PulmonaryValve - heart.Base).Unit());
        var sign = front < 0 ? -1 : 1;
        var sinus = random.Uniform(3, 6.5);
        tree.AddSpline(
            VesselKind.CoronarySinus,
            [heart.OnEpicardium(-0.03, front + (sign * 1.7), 4), heart.OnEpicardium(-0.05, front + (sign * 2.2), 4),
                heart.OnEpicardium(-0.05, front + (sign * 2.7), 5), new(-10, 14, -24), new(-24, 6, -28)],
            [0.5 * sinus, 0.7 * sinus, 0.9 * sinus, sinus, sinus]);
        var azygos = random.Uniform(2.5, 5.5);
        tree.AddSpline(
            VesselKind.Azygos,
            [Body(-8, -3, -170), Body(-6, -5, -60), Body(-7, -5, 30), Body(-12, -6, 56), Body(-22, -20, 66),
                new(-40, -2, 62)],
            [0.7 * azygos, 0.8 * azygos, azygos, azygos, azygos, 1.1 * azygos]);
        var cava = Body(-22, -12, -92);
        foreach (var way in (Vector3D[])[new(-70, -20, -8), new(-30, -60, -4), new(20, -55, -6), new(-80, -50, -40)])
        {
            var end = cava
                + new Vector3D(way.X + random.Normal(0, 12), way.Y + random.Normal(0, 12), way.Z + random.Normal(0, 10));
            var middle = ((cava + end) * 0.5) + new Vector3D(0, 0, 8);
            tree.AddSpline(VesselKind.LiverVessel, [cava, middle, end], [4.5, 3.5, 1.5]);
        }

        for (var i = 0; i < 3; i++)
        {
            var at = front + (sign * random.Uniform(0.3, 2.6));
            Run(at, at + (sign * random.Uniform(-0.3, 0.5)));
        }

        Run(front + (sign * 3.1), front + (sign * 3.3));
        var calcified = random.Chance(0.35) ? 3 + random.NextInt(14) : 0;
        for (var i = 0; i < calcified; i++)
        {
            var at = random.Chance(0.6)
                ? heart.OnEpicardium(random.Uniform(0, 0.5), front + (sign * 0.45), 2.2)
                : random.Chance(0.5)
                    ? heart.OnTricuspidRing(random.Uniform(-1.9, 0.9), 23 * shape.Ra)
                    : Body(26 + random.Normal(0, 8), 4 + random.Normal(0, 8), random.Uniform(-80, 60));
            var length = new Vector3D(random.Normal(0, 1.5), random.Normal(0, 1.5), random.Normal(0, 2.5));
            tree.AddSegment(VesselKind.Calcification, at, at + length, random.Uniform(0.6, 2), random.Uniform(0.6, 2));
        }

        void Run(double from, double to) => tree.AddSpline(
            VesselKind.Coronary,
            [.. Enumerable.Range(0, 5).Select(i =>
                heart.OnEpicardium(0.02 + (0.17 * i), from + ((to - from) * i / 4), 2.2))],
            [1.7, 1.6, 1.5, 1.3, 1]);
    }

    private static void LayLungs(VesselTree tree, Vector3D right, Vector3D left, SeededRandom random)
    {
        Vector3D[] rightStarts = [new(-72, 36, 2), new(-80, 10, 60), new(-82, 8, 30), new(-80, 60, -34), right];
        Vector3D[] leftStarts = [new(66, 60, 4), new(70, 32, 66), new(66, 10, 44), new(64, 62, -34), left];
        foreach (var start in rightStarts)
            Grow(tree, start, new(-1, 0.1, (start.Z - 15) / 60), 4.2, 0, random);
        foreach (var start in leftStarts)
            Grow(tree, start, new(1, 0.1, (start.Z - 15) / 60), 4.2, 0, random);
    }

    private static void Grow(
        VesselTree tree, Vector3D from, Vector3D direction, double radius, int depth, SeededRandom random)
    {
        if (depth > 5 || radius < 0.7)
            return;
        for (var child = 0; child < (depth == 0 ? 4 : 2); child++)
        {
            var spread = new Vector3D(random.Normal(0, 0.55), random.Normal(0, 0.75), random.Normal(0, 0.75));
            var way = (direction.Unit() + spread).Unit();
            var to = from + (way * random.Uniform(11, 21));
            var thin = radius * random.Uniform(0.62, 0.86);
            tree.AddSegment(VesselKind.LungVessel, from, to, radius * 0.9, thin);
            Grow(tree, to, way, thin, depth + 1, random);
        }
    }
}
