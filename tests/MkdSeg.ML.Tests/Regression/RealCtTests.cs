using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>What the shipped bundle, which saw nothing but phantoms, does on real CT. Nothing was tuned on these.</summary>
public class RealCtTests
{
    // Measured when the bundle was made, see docs/shipped-bundle.md.
    private const double ContrastThreshold = 0.92;
    private const double NativeThreshold = 0.85;
    private const double LargestChange = 0.16;

    private static readonly ModelBundle Bundle = ModelBundle.Load(Repository.File("onnx/phantom-ct"));
    private readonly TemporaryFolder _folder = new();

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void A_contrast_enhanced_chest_and_the_same_made_native_get_the_same_heart()
    {
        var ct = Require("totalsegmentator", "thorax_ct.nii.gz");
        var aorta = VolumeFile.ReadLabels(Require("totalsegmentator", "thorax_ct_aorta.nii.gz"));
        var image = VolumeFile.ReadIntensities(ct);
        var (contrast, mask) = Score("contrast", image);
        var native = NativeScan.Of(image, at => mask.Voxels[at] != 0 || aorta.Voxels[at] != 0);
        var (made, nativeMask) = Score("native", native);
        var (ascending, first, last) = AscendingPart(Orientation.Reorient(aorta, "LPS"));
        var (diceContrast, diceNative) = (DiceOfAorta(mask), DiceOfAorta(nativeMask));
        TestContext.Out.WriteLine($"Dice of AA, slices {first} to {last}: {diceContrast:0.000}, made native {diceNative:0.000}");
        foreach (var (name, before, after) in Bundle.LabelSet.Structures.Select((s, i) => (s.Name, contrast.VolumesMl[i], made.VolumesMl[i])))
            TestContext.Out.WriteLine($"{name}: {before:0} mL, made native {after:0} mL");
        Assert.Multiple(() =>
        {
            Assert.That(contrast.Status, Is.EqualTo(CaseStatus.Ok), contrast.Reason);
            Assert.That(diceContrast, Is.GreaterThanOrEqualTo(ContrastThreshold));
            Assert.That(diceNative, Is.GreaterThanOrEqualTo(NativeThreshold));
            foreach (var name in (string[])["LV", "LA"])
            {
                var i = Bundle.LabelSet.Structures.ToList().FindIndex(structure => structure.Name == name);
                Assert.That(
                    made.VolumesMl[i], Is.EqualTo(contrast.VolumesMl[i]).Within(100 * LargestChange).Percent, $"mL of {name}");
            }
        });

        double DiceOfAorta(Volume<ushort> found)
        {
            var turned = Orientation.Reorient(found, "LPS");
            var value = Bundle.LabelSet.Structures.Single(structure => structure.Name == "AA").Value;
            var (common, sizes) = (0L, 0L);
            var slice = turned.Grid.Size.SliceLength;
            for (var i = first * slice; i < (last + 1) * slice; i++)
            {
                var isAorta = turned.Voxels[i] == value;
                common += isAorta && ascending[i] ? 1 : 0;
                sizes += (isAorta ? 1 : 0) + (ascending[i] ? 1 : 0);
            }

            return 2.0 * common / sizes;
        }
    }

    /// <summary>Without annotation: every structure has the volume of an adult's, and lies where it belongs.</summary>
    [Test]
    public void A_healthy_chest_without_contrast_agent_has_a_plausible_heart()
    {
        var (result, _) = Score("healthy", VolumeFile.ReadIntensities(Require("covid-ct-md", "native_ct.nii.gz")));
        foreach (var structure in result.Structures)
            TestContext.Out.WriteLine($"{structure.Name}: {structure.VolumeMl:0} mL, removed {structure.RemovedMl:0.0} mL");
        Assert.Multiple(() =>
        {
            Assert.That(result.Status, Is.EqualTo(CaseStatus.Ok), result.Reason);
            foreach (var structure in result.Structures)
            {
                var range = QualityThresholds.WholeHeartCt.Volumes[structure.Name];
                Assert.That(structure.VolumeMl, Is.InRange(range.MinMl, range.MaxMl), structure.Name);
                Assert.That(structure.RemovedMl, Is.LessThan(0.15 * structure.VolumeMl), $"{structure.Name} is in one piece");
            }

            // LPS: x to the left, y to the back, z to the head.
            Assert.That(Centre("LV", 0), Is.GreaterThan(Centre("RA", 0) + 40), "LV is left of RA");
            Assert.That(Centre("LA", 1), Is.GreaterThan(Centre("RV", 1) + 40), "LA is behind RV");
            Assert.That(Centre("AA", 2), Is.GreaterThan(Centre("LV", 2) + 40), "AA is above LV");
            Assert.That(Centre("PA", 0), Is.GreaterThan(Centre("AA", 0)), "PA is left of AA");
        });

        double Centre(string name, int axis) =>
            result.Structures.Single(structure => structure.Name == name).CentroidMm![axis];
    }

    private static string Require(string folder, string file)
    {
        var path = SharedData.Find(folder, file);
        if (path is null)
            Assert.Ignore($"../shared/data/{folder}/{file} is not there.");
        return path!;
    }

    private (CaseResult Result, Volume<ushort> Mask) Score(string name, Volume<float> image)
    {
        VolumeFile.Write(image, _folder[name, "ct.nii"]);
        var summary = new FolderScorer(Bundle, new() { Inference = new() { Device = "cpu", Threads = 2 } })
            .Score(_folder[name, "ct.nii"], _folder[name, "out"]);
        return (summary.Cases.Single(), VolumeFile.ReadLabels(_folder[name, "out", "ct.nii.gz"]));
    }

    // The rule: in every transverse slice in which the aorta's mask falls apart into an anterior and a posterior piece of at
    // least 20 pixels each (below the arch), the anterior one is the ascending part; other slices do not count.
    private static (bool[] Voxels, int First, int Last) AscendingPart(Volume<ushort> aorta)
    {
        const int leastPixels = 20;
        var size = aorta.Grid.Size;
        var ascending = new bool[aorta.Voxels.Length];
        var slices = new List<int>();
        for (var z = 0; z < size.Z; z++)
        {
            var pieces = Pieces(aorta.Slice(z), size.X).Where(piece => piece.Count >= leastPixels).ToList();
            if (pieces.Count < 2)
            {
                continue;
            }

            slices.Add(z);
            foreach (var pixel in pieces.MinBy(piece => piece.Average(pixel => pixel / size.X))!)
            {
                ascending[(z * size.SliceLength) + pixel] = true;
            }
        }

        return (ascending, slices[0], slices[^1]);
    }

    private static List<List<int>> Pieces(ReadOnlySpan<ushort> slice, int width)
    {
        var pieces = new List<List<int>>();
        var seen = new bool[slice.Length];
        var open = new Stack<int>();
        for (var start = 0; start < slice.Length; start++)
        {
            if (slice[start] == 0 || seen[start])
            {
                continue;
            }

            var piece = new List<int>();
            open.Push(start);
            seen[start] = true;
            while (open.TryPop(out var pixel))
            {
                piece.Add(pixel);
                for (var dy = -1; dy <= 1; dy++)
                {
                    for (var dx = -1; dx <= 1; dx++)
                    {
                        var (x, y) = ((pixel % width) + dx, (pixel / width) + dy);
                        var next = x + (y * width);
                        if (x >= 0 && x < width && y >= 0 && next < slice.Length && slice[next] != 0 && !seen[next])
                        {
                            seen[next] = true;
                            open.Push(next);
                        }
                    }
                }
            }

            pieces.Add(piece);
        }

        return pieces;
    }
}
