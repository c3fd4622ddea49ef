using System.Text.Json.Nodes;
using MkdSeg.Bundles;
using MkdSeg.IO;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Scoring;

/// <summary>What a case leaves behind: files, measures, warnings.</summary>
public class ScoringOutputTests
{
    private static readonly ScoringOptions Whole = new()
    {
        Crop = CropRule.Whole, Inference = new() { Device = "cpu", Threads = 1 },
    };

    private readonly TemporaryFolder _folder = new();
    private readonly Grid _grid = TestVolumes.Grid(new(60, 56, 24), new(2, 2, 4));
    private ModelBundle _bundle = null!;

    [OneTimeSetUp]
    public void MakeCase()
    {
        _bundle = TestNetworks.WriteBundle(_folder["bundle"]);
        var image = TestVolumes.Image(_grid);
        // An island of "core" of 10×10×3 voxels = 4.8 mL in a corner, and a hole of one voxel = 0.016 mL in the core.
        for (var z = 0; z < 3; z++)
        {
            for (var y = 0; y < 10; y++)
            {
                for (var x = 0; x < 10; x++)
                    image[x, y, z] = 400;
            }
        }

        var heart = _grid.ToIndex(TestVolumes.HeartMm);
        image[(int)heart.X, (int)heart.Y, (int)heart.Z] = -900;
        VolumeFile.Write(image, _folder["in/ct.nii.gz"]);
    }

    [OneTimeTearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Clean_up_is_done_measured_and_doubted()
    {
        var raw = Score("raw", Whole with { CleanUp = false });
        var clean = Score("clean", Whole);
        var (before, after) = (raw.Structures[1], clean.Structures[1]);
        Assert.Multiple(() =>
        {
            Assert.That(after.RemovedMl, Is.EqualTo(4.8).Within(1e-9));
            Assert.That(after.FilledMl, Is.EqualTo(0.016).Within(1e-9));
            Assert.That(after.VolumeMl, Is.EqualTo(before.VolumeMl - 4.8 + 0.016).Within(1e-9));
            Assert.That((before.RemovedMl, before.FilledMl), Is.EqualTo((0.0, 0.0)));
            Assert.That(clean.Warnings, Has.Exactly(1).Contains("removed 4.8 of").And.Exactly(1).Contains("mL of core"));
            Assert.That(raw.Warnings, Is.Empty);
        });
        var mask = VolumeFile.ReadLabels(_folder["clean/ct.nii.gz"]);
        Assert.That(mask[2, 2, 1], Is.Zero);
        Assert.That(VolumeFile.ReadLabels(_folder["raw/ct.nii.gz"])[2, 2, 1], Is.EqualTo(500));
    }

    [Test]
    public void Extent_and_agreement_are_measured()
    {
        var result = Score("measured", Whole);
        // The outer ball has a radius of 28 mm; voxels have 2×2×4 mm.
        Assert.Multiple(() =>
        {
            Assert.That(result.ExtentMm!.LeftRight, Is.EqualTo(56).Within(4));
            Assert.That(result.ExtentMm.FrontBack, Is.EqualTo(56).Within(4));
            Assert.That(result.ExtentMm.HeadFoot, Is.EqualTo(56).Within(8));
            Assert.That(result.Structures[1].ExtentMm!.LeftRight, Is.EqualTo(32).Within(4));
            Assert.That(result.Agreement, Is.InRange(0.9, 1));
            Assert.That(result.Structures.Select(structure => structure.Agreement), Is.All.InRange(0.9, 1));
        });
        var json = JsonNode.Parse(File.ReadAllText(_folder["measured/results.json"]))!;
        Assert.That((double)json["cases"]![0]!["extentMm"]!["leftRight"]!, Is.EqualTo(result.ExtentMm!.LeftRight));
        Assert.That((string)json["cases"]![0]!["status"]!, Is.EqualTo("ok"));
        Assert.That((string)json["cases"]![0]!["case"]!["path"]!, Is.EqualTo(_folder["in/ct.nii.gz"]));
        Assert.That((string)json["versions"]!["MkdSeg"]!, Is.Not.Empty);
    }

    [Test]
    public void Both_formats_hold_the_same_mask()
    {
        Score("both", Whole with { Formats = MaskFormats.Nifti | MaskFormats.SegNrrd, SegmentorMasks = true });
        foreach (var folder in new[] { "both", "both/S_real", "both/S_syn" })
        {
            var nifti = VolumeFile.ReadLabels(_folder[folder, "ct.nii.gz"]);
            var nrrd = VolumeFile.ReadLabels(_folder[folder, "ct.seg.nrrd"]);
            Assert.That(
                TestNetworks.Labels.ToValues(new(nrrd.Grid, [.. nrrd.Voxels.Select(value => (byte)value)])).Voxels,
                Is.EqualTo(nifti.Voxels).AsCollection);
        }

        Score("nrrd", Whole with { Formats = MaskFormats.SegNrrd });
        Assert.That(_folder["nrrd/ct.nii.gz"], Does.Not.Exist);
    }

    [Test]
    public void Probabilities_are_on_the_volume_s_grid_and_agree_with_the_mask()
    {
        Score("probable", Whole with { Probabilities = true, CleanUp = false });
        var mask = VolumeFile.ReadLabels(_folder["probable/ct.nii.gz"]);
        var (shell, core) = (
            VolumeFile.ReadIntensities(_folder["probable/probabilities/ct_shell.nii.gz"]),
            VolumeFile.ReadIntensities(_folder["probable/probabilities/ct_core.nii.gz"]));
        Assert.That(shell.Grid.Size, Is.EqualTo(_grid.Size));
        for (var i = 0; i < mask.Voxels.Length; i++)
        {
            var background = 1 - shell.Voxels[i] - core.Voxels[i];
            var expected = core.Voxels[i] > Math.Max(shell.Voxels[i], background) ? 500
                : shell.Voxels[i] > background ? 205 : 0;
            var sorted = new[] { background, shell.Voxels[i], core.Voxels[i] }.Order().ToArray();
            if (sorted[2] - sorted[1] > 1e-4)
                Assert.That(mask.Voxels[i], Is.EqualTo(expected), $"voxel {i}");
        }
    }

    [Test]
    public void The_reader_s_doubts_reach_the_results()
    {
        // A qform that says something else than the sform.
        VolumeFile.Write(TestVolumes.Image(_grid), _folder["doubt/ct.nii"]);
        var bytes = File.ReadAllBytes(_folder["doubt/ct.nii"]);
        BitConverter.TryWriteBytes(bytes.AsSpan(268), 77f);
        File.WriteAllBytes(_folder["doubt/ct.nii"], bytes);
        var summary = new FolderScorer(_bundle, Whole).Score(_folder["doubt"], _folder["doubted"]);
        Assert.That(summary.Cases[0].Warnings, Has.Count.EqualTo(1).And.All.Contains("qform"));
        Assert.That(File.ReadAllText(_folder["doubted/results.csv"]), Does.Contain("qform"));
    }

    [Test]
    public void Annotations_beside_the_volumes_serve_the_crop_rule_label()
    {
        VolumeFile.Write(TestVolumes.Image(_grid), _folder["pairs/ct_1_image.nii.gz"]);
        VolumeFile.Write(
            TestNetworks.Labels.ToValues(TestVolumes.Classes(_grid)), _folder["pairs/ct_1_label.nii.gz"]);
        VolumeFile.Write(TestVolumes.Image(_grid), _folder["pairs/ct_2_image.nii.gz"]);
        var summary = new FolderScorer(_bundle, Whole with { Crop = CropRule.Label }).Score(
            _folder["pairs"], _folder["paired"]);
        Assert.That(
            summary.Cases.Select(result => result.Status),
            Is.EqualTo(new[] { CaseStatus.Ok, CaseStatus.LeftOut, CaseStatus.Failed }));
        Assert.That(summary.Cases[2].Reason, Does.Contain("has no annotation"));
    }

    private CaseResult Score(string output, ScoringOptions options)
    {
        var summary = new FolderScorer(_bundle, options).Score(_folder["in"], _folder[output]);
        Assert.That(summary.ExitCode, Is.Zero, summary.Cases[0].Reason);
        return summary.Cases[0];
    }
}
