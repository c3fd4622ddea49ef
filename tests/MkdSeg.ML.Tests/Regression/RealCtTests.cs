using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Regression;

/// <summary>What the shipped bundle, which saw nothing but phantoms, does on the one real CT that has an aorta mask.</summary>
public class RealCtTests
{
    // Measured when the bundle was made, see docs/shipped-bundle.md; nothing was tuned on this volume.
    private const double AscendingAortaThreshold = 0.80;

    [Test]
    public void Ascending_aorta_of_a_real_CT_is_found()
    {
        var ct = SharedData.Find("totalsegmentator", "thorax_ct.nii.gz");
        var aorta = SharedData.Find("totalsegmentator", "thorax_ct_aorta.nii.gz");
        if (ct is null || aorta is null)
        {
            Assert.Ignore("../shared/data/totalsegmentator is not there.");
        }

        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["ct"]);
        File.Copy(ct, folder["ct", "thorax.nii.gz"]);
        var bundle = ModelBundle.Load(Repository.File("onnx/phantom-ct"));
        var summary = new FolderScorer(bundle, new() { Inference = new() { Device = "cpu", Threads = 1 } })
            .Score(folder["ct"], folder["masks"]);
        Assert.That(summary.OkCount, Is.EqualTo(1));

        var mask = Orientation.Reorient(VolumeFile.ReadLabels(folder["masks", "thorax.nii.gz"]), "LPS");
        var (ascending, first, last) = AscendingPart(Orientation.Reorient(VolumeFile.ReadLabels(aorta), "LPS"));
        var value = bundle.LabelSet.Structures.Single(structure => structure.Name == "AA").Value;
        var (common, sizes) = (0L, 0L);
        var slice = mask.Grid.Size.SliceLength;
        for (var i = first * slice; i < (last + 1) * slice; i++)
        {
            var found = mask.Voxels[i] == value;
            common += found && ascending[i] ? 1 : 0;
            sizes += (found ? 1 : 0) + (ascending[i] ? 1 : 0);
        }

        var dice = 2.0 * common / sizes;
        TestContext.Out.WriteLine($"Dice of AA against the ascending aorta, slices {first} to {last}: {dice:0.000}");
        Assert.That(dice, Is.GreaterThanOrEqualTo(AscendingAortaThreshold));
        Assert.That(summary.Cases[0].VolumesMl, Has.All.InRange(20.0, 400.0), "every structure has a plausible volume");
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
