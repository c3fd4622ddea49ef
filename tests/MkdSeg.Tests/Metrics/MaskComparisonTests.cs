using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Metrics;
using MkdSeg.TestKit;
using MkdSeg.Volumes;

namespace MkdSeg.Tests.Metrics;

public class MaskComparisonTests
{
    private static readonly LabelSet Labels = new(
    [
        new() { ClassIndex = 1, Name = "shell", FullName = "outer part", Value = 205, Color = "#ff0000" },
        new() { ClassIndex = 2, Name = "core", FullName = "inner part", Value = 500, Color = "#00ff00" },
    ]);

    private static readonly Grid Grid = TestVolumes.Grid(new(4, 2, 1));
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new();

    [TearDown]
    public void Delete() => _folder.Dispose();

    [Test]
    public void Cases_are_matched_by_name_and_the_rest_is_listed()
    {
        Write("found/ct_1_image.nii.gz", Grid, 205, 205, 0, 0, 500, 0, 0, 0);
        Write("found/ct_2_image.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("found/ct_9_image.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/ct_1_label.nii.gz", Grid, 205, 205, 205, 205, 500, 0, 0, 0);
        Write("truth/ct_1_image.nii.gz", Grid, 1, 2, 3, 4, 5, 6, 7, 8);
        Write("truth/ct_2_label.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/ct_3_label.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);

        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Table.Cases.Select(scores => scores.CaseId), Is.EqualTo(new[] { "ct_1", "ct_2" }));
            Assert.That(comparison.Table.Cases[0].Dice[0], Is.EqualTo(2.0 / 3).Within(1e-12));
            Assert.That(comparison.Table.Cases[0].Dice[1], Is.EqualTo(1));
            Assert.That(comparison.Table.Cases[1].Dice[1], Is.NaN);
            Assert.That(comparison.OnlyPredicted, Is.EqualTo(new[] { "ct_9" }));
            Assert.That(comparison.OnlyReference, Is.EqualTo(new[] { "ct_3" }));
        });
    }

    [Test]
    public void Surfaces_are_compared_where_a_tolerance_is_given()
    {
        Write("found/a.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/a.nii.gz", Grid, 0, 205, 0, 0, 0, 0, 0, 0);

        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels, 3);
        var scores = comparison.Table.Cases[0];
        Assert.Multiple(() =>
        {
            Assert.That(scores.SurfaceToleranceMm, Is.EqualTo(3));
            Assert.That(scores.Surfaces![0].SurfaceDice, Is.EqualTo(1).Within(1e-12));
            Assert.That(scores.Surfaces[0].AssdMm, Is.EqualTo(Grid.SpacingMm.X / 2).Within(1e-6));
            Assert.That(scores.Surfaces[1].AssdMm, Is.NaN);
        });
    }

    [Test]
    public void Folders_without_a_common_case_are_refused()
    {
        Write("found/a.nii.gz", Grid, new ushort[8]);
        Write("truth/b.nii.gz", Grid, new ushort[8]);
        Assert.That(
            () => MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("no case in common"));
    }

    // evaluate-label-header-slightly-off of the cases: a header 0.05 % off, and 2 % and more.
    [Test]
    public void A_header_slightly_off_is_scored_with_a_warning()
    {
        foreach (var (name, factor) in (ReadOnlySpan<(string, double)>)[("one", 1), ("two", 1.0005)])
        {
            Write($"found/{name}.nii.gz", Grid, 205, 205, 0, 0, 0, 0, 0, 0);
            Write($"truth/{name}.nii.gz", Stretched(factor), 205, 0, 0, 0, 0, 0, 0, 0);
        }

        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Table.Cases.Select(scores => scores.Dice[0]), Is.All.EqualTo(2.0 / 3).Within(1e-12));
            Assert.That(comparison.Warnings, Has.Count.EqualTo(1));
            Assert.That(comparison.Warnings[0], Does.StartWith("two: ").And.Contain("0.05% in spacing"));
            Assert.That(comparison.Failures, Is.Empty);
        });
    }

    [Test]
    public void A_case_that_cannot_be_compared_takes_nothing_from_the_others()
    {
        Write("found/good.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/good.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("found/moved.nii.gz", Grid, new ushort[8]);
        Write("truth/moved.nii.gz", TestVolumes.Grid(new(4, 2, 1), centreMm: new(5, 0, 0)), new ushort[8]);
        Write("found/stretched.nii.gz", Grid, new ushort[8]);
        Write("truth/stretched.nii.gz", Stretched(1.03), new ushort[8]);
        Write("found/twice.nii.gz", Grid, new ushort[8]);
        Write("found/twice.nii", Grid, new ushort[8]);
        Write("truth/twice.nii.gz", Grid, new ushort[8]);
        Write("found/value.nii.gz", Grid, 1, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/value.nii.gz", Grid, new ushort[8]);
        File.WriteAllText(_folder["found", "broken.nii.gz"], "no gzip");
        Write("truth/broken.nii.gz", Grid, new ushort[8]);

        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels);
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Table.Cases.Select(scores => scores.CaseId), Is.EqualTo(new[] { "good" }));
            Assert.That(comparison.Table.Cases[0].Dice[0], Is.EqualTo(1));
            Assert.That(comparison.Failures.Select(failure => failure.Split(':')[0]), Is.EqualTo(
                new[] { "broken", "moved", "stretched", "twice", "value" }));
            Assert.That(comparison.Failures[1], Does.Contain("lie on different grids"));
            Assert.That(comparison.Failures[2], Does.Contain("lie on different grids"));
            Assert.That(comparison.Failures[3], Does.Contain("keep one of them"));
            Assert.That(comparison.Failures[4], Does.Contain("unknown label value 1"));
        });
    }

    [Test]
    public void Folders_without_a_case_that_can_be_compared_are_refused()
    {
        Write("found/a.nii.gz", Grid, 1, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/a.nii.gz", Grid, new ushort[8]);
        Assert.That(
            () => MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels),
            Throws.TypeOf<UserErrorException>().With.Message.StartsWith("a: ").And.Message.Contains("unknown label value 1"));
    }

    [Test]
    public void An_annotation_without_a_voxel_is_named()
    {
        Write("found/a.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/a.nii.gz", Grid, new ushort[8]);
        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels);
        Assert.That(comparison.Table.Cases[0].Dice[0], Is.Zero);
        Assert.That(comparison.Warnings.Single(), Does.StartWith("a: ").And.Contain("has no labelled voxel"));
    }

    [Test]
    public void Names_match_whatever_their_Unicode_normalisation()
    {
        // As macOS writes it, u and a combining diaeresis; as others do, one letter.
        Write("found/mu\u0308ller_1.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        Write("truth/m\u00fcller_1_label.nii.gz", Grid, 205, 0, 0, 0, 0, 0, 0, 0);
        var comparison = MaskComparison.OfFolders(_folder["found"], _folder["truth"], Labels);
        Assert.That(comparison.Table.Cases.Single().CaseId, Is.EqualTo("m\u00fcller_1"));
        Assert.That(comparison.OnlyPredicted.Concat(comparison.OnlyReference), Is.Empty);
    }

    private static Grid Stretched(double factor) =>
        new(Grid.Size, Grid.SpacingMm * factor, Grid.OriginMm, Grid.Direction);

    private void Write(string name, Grid grid, params ushort[] values) =>
        VolumeFile.Write(new Volume<ushort>(grid, values), _folder[name]);
}
