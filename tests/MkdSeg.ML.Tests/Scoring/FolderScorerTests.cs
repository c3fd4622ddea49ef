using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.IO;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Scoring;
using MkdSeg.ML.Tests.Fixtures;
using MkdSeg.Metrics;
using MkdSeg.Preprocessing;
using MkdSeg.Volumes;

namespace MkdSeg.ML.Tests.Scoring;

public class FolderScorerTests
{
    private static readonly ScoringOptions OneThread = new() { Inference = new() { Device = "cpu", Threads = 1 } };
    private TemporaryFolder _folder = null!;
    private ModelBundle _bundle = null!;

    [SetUp]
    public void MakeBundle()
    {
        _folder = new();
        Directory.CreateDirectory(_folder["in"]);
        _bundle = TestNetworks.WriteBundle(_folder["bundle"]);
    }

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Scores_volumes_of_all_orientations_into_their_own_geometry()
    {
        Direction[] directions =
            [Direction.Identity, TestVolumes.Flipped, TestVolumes.Sagittal, TestVolumes.Oblique];
        for (var i = 0; i < directions.Length; i++)
            WriteVolume($"ct_{i}", TestVolumes.Grid(new(50, 48, 36), new(2.4, 2.4, 3), directions[i]));

        var reports = new List<ScoringProgress>();
        var summary = new FolderScorer(_bundle, OneThread).Score(
            _folder["in"], _folder["out"], new Listener(reports));

        Assert.That((summary.OkCount, summary.FailedCount, summary.ExitCode), Is.EqualTo((4, 0, 0)), Reasons(summary));
        for (var i = 0; i < directions.Length; i++)
        {
            var image = VolumeFile.ReadIntensities(_folder[$"in/ct_{i}.nii.gz"]);
            var values = VolumeFile.ReadLabels(_folder[$"out/ct_{i}.nii.gz"]);
            Assert.That(values.Grid.Size, Is.EqualTo(image.Grid.Size));
            AssertSameAffine(values.Grid, image.Grid);
            var mask = TestNetworks.Labels.ToClasses(values, "mask");
            Assert.That(
                Dice.PerStructure(mask, TestVolumes.Classes(image.Grid), 3), Is.All.GreaterThan(0.9), $"ct_{i}");
            var ml = mask.Voxels.Count(index => index == 2) * image.Grid.VoxelMl;
            Assert.That(summary.Cases[i].VolumesMl[1], Is.EqualTo(ml).Within(1e-9));
            Assert.That(summary.Cases[i].Seconds.Keys, Is.EquivalentTo(Enum.GetValues<ScoringStage>()));
        }

        Assert.That(reports.Count(report => report.Result is not null), Is.EqualTo(4));
        Assert.That(reports[^1].Done, Is.EqualTo(4));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder["out"]).Select(Path.GetFileName), Is.EquivalentTo(
            new[] { ".mkdseg", "ct_0.nii.gz", "ct_1.nii.gz", "ct_2.nii.gz", "ct_3.nii.gz", "results.csv", "results.json" }));
    }

    [Test]
    public void A_bad_case_is_one_row_and_the_rest_go_on()
    {
        WriteVolume("good", TestVolumes.Grid());
        File.WriteAllBytes(_folder["in/bad.nii.gz"], [31, 139, 8, 0, 1, 2, 3]);
        var empty = new Volume<float>(TestVolumes.Grid());
        Array.Fill(empty.Voxels, -900);
        VolumeFile.Write(empty, _folder["in/empty.nii.gz"]);
        VolumeFile.Write(TestVolumes.Image(TestVolumes.Grid()), _folder["in/good_label.nii.gz"]);

        var summary = new FolderScorer(_bundle, OneThread).Score(_folder["in"], _folder["out"]);

        Assert.That((summary.OkCount, summary.FailedCount, summary.ExitCode), Is.EqualTo((1, 2, 2)), Reasons(summary));
        var lines = File.ReadAllLines(summary.ResultsFile);
        Assert.Multiple(() =>
        {
            Assert.That(lines, Has.Length.EqualTo(5));
            Assert.That(lines[0], Is.EqualTo(
                "case,file,sha256,status,reason,warnings,shell_ml,core_ml,left_right_mm,front_back_mm,head_foot_mm,agreement,"
                + "removed_ml,filled_ml,lv_mass_g,lv_mass_g_per_m2,aorta_mm,aorta_mm_per_m2,pulmonary_trunk_mm,pulmonary_to_aorta,"
                + "contrast_phase,body_surface_m2,"
                + string.Concat(from name in (string[])["shell", "core"]
                    from column in (string[])
                        ["is_cut", "ml_per_m2", "hu_mean", "hu_sd", "hu_median", "hu_p5", "hu_p95", "centroid_mm", "box_mm"]
                    select $"{name}_{column},")
                + "hash_s,read_s,locate_s,prepare_s,segment_s,restore_s,write_s"));
            Assert.That(lines[1], Does.StartWith("bad,").And.Contain(",failed,").And.Contain("bad.nii.gz"));
            Assert.That(lines[2], Does.StartWith("empty,").And.Contain("No heart found"));
            Assert.That(lines[3], Does.StartWith("good,").And.Contain(",ok,"));
            Assert.That(lines[4], Does.StartWith("good_label,").And.Contain(",left out,"));
            Assert.That(File.Exists(_folder["out/bad.nii.gz"]), Is.False);
        });
    }

    [Test]
    public void Damaged_volumes_fail_one_by_one_among_good_ones()
    {
        using var corpus = new TemporaryFolder();
        // Every 8th file of all formats that cannot be read; series and links cannot be copied one by one.
        var damaged = DamagedFiles.Write(corpus)
            .Where(file => file.MustFail && VolumeListing.IsVolume(file.Path))
            .Where(file => new FileInfo(file.Path) is { Exists: true, LinkTarget: null })
            .Where((_, i) => i % 8 == 0)
            .Select(file => file.Path)
            .ToArray();
        foreach (var path in damaged)
            File.Copy(path, _folder["in", $"n{Path.GetFileName(path)}"]);
        WriteVolume("a_good", TestVolumes.Grid());
        WriteVolume("z_good", TestVolumes.Grid());

        var summary = new FolderScorer(_bundle, OneThread).Score(_folder["in"], _folder["out"]);

        TestContext.Out.WriteLine(Reasons(summary));
        var failed = summary.Cases.Where(result => result.Status == CaseStatus.Failed).ToArray();
        Assert.Multiple(() =>
        {
            Assert.That(damaged, Has.Length.GreaterThanOrEqualTo(15));
            Assert.That(
                (summary.OkCount, failed.Length, summary.ExitCode), Is.EqualTo((2, damaged.Length, 2)), Reasons(summary));
            Assert.That(
                failed.Select(result => Path.GetFileName(result.Case.Path)),
                Is.EquivalentTo(damaged.Select(path => $"n{Path.GetFileName(path)}")));
            foreach (var result in failed)
            {
                Assert.That(result.Reason, Does.Contain(Path.GetFileName(result.Case.Path)).And.EndsWith("."));
                Assert.That(result.Reason, Does.Not.Contain("Exception").And.Not.Contain("\n"));
            }

            foreach (var good in new[] { "a_good", "z_good" })
                Assert.That(File.Exists(_folder["out", $"{good}.nii.gz"]), good);
        });
    }

    [Test]
    public void A_file_that_vanishes_while_others_are_scored_says_so()
    {
        foreach (var name in new[] { "a", "b", "c" })
            WriteVolume(name, TestVolumes.Grid());

        // All are listed when the first report comes.
        var summary = new FolderScorer(_bundle, OneThread).Score(
            _folder["in"], _folder["out"], new Listener([], _ => File.Delete(_folder["in/b.nii.gz"])));

        Assert.That((summary.OkCount, summary.FailedCount, summary.ExitCode), Is.EqualTo((2, 1, 2)), Reasons(summary));
        var b = summary.Cases.Single(result => result.Status == CaseStatus.Failed);
        Assert.That(b.Case.Name, Is.EqualTo("b"));
        Assert.That(b.Reason, Does.Contain(_folder["in/b.nii.gz"]).And.EndsWith(".").And.Not.Contain("\n"));
        TestContext.Out.WriteLine(b.Reason);
    }

    [Test]
    public void Writes_each_segmentor_s_masks_when_asked_to()
    {
        WriteVolume("ct", TestVolumes.Grid());
        new FolderScorer(_bundle, OneThread with { SegmentorMasks = true }).Score(_folder["in"], _folder["out"]);
        Assert.That(File.Exists(_folder["out/S_real/ct.nii.gz"]));
        Assert.That(File.Exists(_folder["out/S_syn/ct.nii.gz"]));
    }

    [Test]
    public void The_same_folder_gives_the_same_masks()
    {
        WriteVolume("ct", TestVolumes.Grid());
        new FolderScorer(_bundle, OneThread).Score(_folder["in"], _folder["a"]);
        new FolderScorer(_bundle, OneThread).Score(_folder["in"], _folder["b"]);
        Assert.That(
            VolumeFile.ReadLabels(_folder["a/ct.nii.gz"]).Voxels,
            Is.EqualTo(VolumeFile.ReadLabels(_folder["b/ct.nii.gz"]).Voxels));
    }

    [Test]
    public void Label_crop_takes_the_annotation_and_misses_it_in_words()
    {
        WriteVolume("ct", TestVolumes.Grid());
        VolumeFile.Write(
            TestNetworks.Labels.ToValues(TestVolumes.Classes(TestVolumes.Grid())), _folder["labels/ct.nii.gz"]);
        var scorer = new FolderScorer(_bundle, OneThread with { Crop = CropRule.Label });
        var summary = scorer.Score(
            [
                new("ct", _folder["in/ct.nii.gz"], _folder["labels/ct.nii.gz"]),
                new("without", _folder["in/ct.nii.gz"]),
            ],
            _folder["out"]);
        Assert.That(summary.Cases[0].Status, Is.EqualTo(CaseStatus.Ok), summary.Cases[0].Reason);
        Assert.That(summary.Cases[1].Reason, Does.Contain("without has no annotation"));
    }

    [Test]
    public void Two_cases_of_one_name_do_not_replace_each_other()
    {
        WriteVolume("ct", TestVolumes.Grid());
        var item = ScoringCase.FromFile(_folder["in/ct.nii.gz"]);
        var summary = new FolderScorer(_bundle, OneThread).Score([item, item], _folder["out"]);
        Assert.That(summary.Cases[1].Reason, Does.Contain("Another volume named ct"));
    }

    [Test]
    public void Cancellation_keeps_what_is_done()
    {
        WriteVolume("a", TestVolumes.Grid());
        WriteVolume("b", TestVolumes.Grid());
        using var cancellation = new CancellationTokenSource();
        var reports = new List<ScoringProgress>();
        var summary = new FolderScorer(_bundle, OneThread).Score(
            _folder["in"], _folder["out"], new Listener(reports, report =>
            {
                if (report.Result is not null)
                    cancellation.Cancel();
            }),
            cancellation.Token);
        Assert.That((summary.OkCount, summary.IsCancelled, summary.ExitCode), Is.EqualTo((1, true, 2)));
        Assert.That(File.ReadAllLines(summary.ResultsFile), Has.Length.EqualTo(2));
    }

    [Test]
    public void Scores_dicom_series_of_a_tree_and_counts_only_what_is_scored()
    {
        var grid = TestVolumes.Grid();
        var image = TestVolumes.Image(grid);
        var origin = grid.OriginMm;
        var slice = new DicomSlice
        {
            Columns = grid.Size.X,
            Rows = grid.Size.Y,
            Spacing = (grid.SpacingMm.X, grid.SpacingMm.Y),
            Position = [origin.X, origin.Y, origin.Z],
        };
        foreach (var (one, z) in slice.Stack(grid.Size.Z, grid.SpacingMm.Z).Select((one, z) => (one, z)))
            (one with { Value = (x, y) => (short)(image[x, y, z] + 1024) }).Write(_folder[$"in/a/{(z * 7) % 24}"]);
        (slice with { SeriesUid = "1.3", Modality = "PT", Description = "PET" }).Write(_folder["in/b/1"]);
        (slice with { SeriesUid = "1.4", Modality = "MR", Description = "MR" }).Write(_folder["in/b/2"]);
        foreach (var one in (slice with { SeriesUid = "1.5", Description = "Gap" }).Stack(4, 4).Where((_, z) => z != 1))
            one.Write(_folder[$"in/b/gap{one.Position![2]}"]);
        VolumeFile.Write(TestVolumes.Image(grid), _folder["in/c_label.nii.gz"]);

        var reports = new List<ScoringProgress>();
        var summary = new FolderScorer(_bundle, OneThread).Score(
            _folder["in"], _folder["in/out"], new Listener(reports));

        CaseResult Of(string start) =>
            summary.Cases.Single(result => result.Case.Name.StartsWith(start, StringComparison.Ordinal));
        Assert.Multiple(() =>
        {
            Assert.That((summary.OkCount, summary.FailedCount), Is.EqualTo((1, 1)), Reasons(summary));
            Assert.That(summary.Cases, Has.Count.EqualTo(5));
            Assert.That(Of("Gap-").Reason, Does.Contain("1 slice is missing"));
            Assert.That(Of("PET-").Reason, Does.Contain("of the modality PT"));
            Assert.That(Of("MR-").Reason, Does.Contain("has modality MR, but the model expects CT"));
            Assert.That(Of("c_label").Status, Is.EqualTo(CaseStatus.LeftOut));
            Assert.That(reports.Select(report => report.Total), Is.All.EqualTo(2));
            Assert.That(reports[^1].Done, Is.EqualTo(2));
        });
        var mask = VolumeFile.ReadLabels(_folder[$"in/out/{Of("Thorax-").Case.Name}.nii.gz"]);
        AssertSameAffine(mask.Grid, grid);
        Assert.That(
            Dice.PerStructure(TestNetworks.Labels.ToClasses(mask, "mask"), TestVolumes.Classes(grid), 3),
            Is.All.GreaterThan(0.9));
    }

    [Test]
    public void One_file_is_scored_alone()
    {
        WriteVolume("a", TestVolumes.Grid());
        WriteVolume("b", TestVolumes.Grid());
        File.WriteAllText(_folder["in/notes.txt"], "");
        var scorer = new FolderScorer(_bundle, OneThread);
        var summary = scorer.Score(_folder["in/b.nii.gz"], _folder["out"]);
        Assert.That(summary.Cases.Select(result => (result.Case.Name, result.Status)), Is.EqualTo(new[] { ("b", CaseStatus.Ok) }));
        Assert.That(
            () => scorer.Score(_folder["in/notes.txt"], _folder["out2"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("notes.txt is not a volume"));
    }

    [Test]
    public void Doubtful_cases_are_written_counted_and_strict_about()
    {
        WriteVolume("good", TestVolumes.Grid());
        // Stored values without their rescale intercept.
        var shifted = TestVolumes.Image(TestVolumes.Grid());
        VolumeFile.Write(new Volume<float>(shifted.Grid, [.. shifted.Voxels.Select(value => value + 1024)]), _folder["in/raw.nii.gz"]);
        var scorer = new FolderScorer(_bundle, OneThread with { Crop = CropRule.Whole });
        var summary = scorer.Score(_folder["in"], _folder["out"]);
        var again = scorer.Score(_folder["in"], _folder["out"]);
        Assert.Multiple(() =>
        {
            Assert.That((summary.OkCount, summary.DoubtfulCount, summary.WrittenCount), Is.EqualTo((1, 1, 2)), Reasons(summary));
            Assert.That((summary.ExitCode, summary.StrictExitCode), Is.EqualTo((0, 2)));
            Assert.That(summary.Cases[1].Reason, Does.Contain("Hounsfield"));
            Assert.That(File.ReadAllLines(summary.ResultsFile)[2], Does.StartWith("raw,").And.Contain(",doubtful,"));
            Assert.That(_folder["out/raw.nii.gz"], Does.Exist);
            Assert.That((again.KeptCount, again.DoubtfulCount), Is.EqualTo((2, 1)), "kept with its doubts");
        });
    }

    [Test]
    public void Masks_never_replace_input_volumes()
    {
        WriteVolume("ct", TestVolumes.Grid());
        Assert.That(
            () => new FolderScorer(_bundle, OneThread).Score(_folder["in"], _folder["in"]),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("contains inputs"));
    }

    private void WriteVolume(string name, Grid grid) =>
        VolumeFile.Write(TestVolumes.Image(grid), _folder[$"in/{name}.nii.gz"]);

    private static string Reasons(ScoringSummary summary) =>
        string.Join('\n', summary.Cases.Select(result => $"{result.Case.Name}: {result.Reason}"));

    private static void AssertSameAffine(Grid found, Grid expected)
    {
        for (var axis = 0; axis < 3; axis++)
        {
            var difference = (found.Direction[axis] * found.SpacingMm[axis])
                - (expected.Direction[axis] * expected.SpacingMm[axis]);
            Assert.That(difference.Length, Is.LessThan(1e-5));
        }

        Assert.That((found.OriginMm - expected.OriginMm).Length, Is.LessThan(1e-5));
    }

    private sealed class Listener(List<ScoringProgress> reports, Action<ScoringProgress>? then = null)
        : IProgress<ScoringProgress>
    {
        public void Report(ScoringProgress value)
        {
            reports.Add(value);
            then?.Invoke(value);
        }
    }
}
