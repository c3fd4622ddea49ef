using MkdSeg.Common;
using MkdSeg.Metrics;

namespace MkdSeg.Reports.Tests;

public class ReportBuilderTests
{
    private MadeRun _made = null!;

    [SetUp]
    public void Make() => _made = new();

    [TearDown]
    public void Delete() => _made.Dispose();

    [Test]
    public void Masks_are_compared_with_the_annotations_of_the_manifest()
    {
        var predictions = ReportBuilder.Build(_made.Options).Predictions;
        Assert.That(
            predictions.Select(item => item.Name), Is.EqualTo(new[] { "Baseline", "S_syn", "S_real", "Ensemble" }));
        for (var i = 1; i <= MadeRun.Cases; i++)
        {
            var expected = Dice.PerStructure(MadeRun.Heart(i), MadeRun.Heart(0), MadeRun.Labels.ClassCount);
            Assert.That(predictions[^1].Case(MadeRun.Id(i))!.Dice, Is.EqualTo(expected));
        }
    }

    [Test]
    public void Scores_of_a_file_are_taken_as_they_stand()
    {
        _made.Write("run/scores.csv", "prediction,case,structure,dice,surface_dice\nensemble,ct_01,shell,0.123456789012345,\n"
            + "ensemble,ct_01,core,nan,\nS_real,ct_01,shell,0.5,\nS_real,ct_01,core,0.25,\n");
        var predictions = ReportBuilder.Build(_made.Options).Predictions;
        Assert.That(
            predictions.Select(item => (item.Name, item.Cases.Count)),
            Is.EqualTo(new[] { ("Baseline", MadeRun.Cases), ("S_real", 1), ("Ensemble", 1) }),
            "Masks that are compared with are not in the file.");
        Assert.That(predictions[^1].Cases.Single().Dice, Is.EqualTo(new[] { 0.123456789012345, double.NaN }));
    }

    [Test]
    public void Best_median_and_worst_case_are_drawn_with_annotation_and_prediction()
    {
        var report = ReportBuilder.Build(_made.Options);
        Assert.That(
            report.Pictures.Select(item => (item.CaseId, item.Rank)),
            Is.EqualTo(new[] { ("ct_01", "best"), ("ct_03", "median"), ("ct_05", "worst") }));
        Assert.That(report.Pictures[0].Rows.Select(row => row.Name), Is.EqualTo(new[] { "Truth", "Ensemble" }));
        Assert.That(report.Pictures.SelectMany(item => item.Rows).All(row => row.Planes.Count == 3));
        Assert.That(report.ViewerCases.Select(item => item.CaseId), Is.EqualTo(new[] { "ct_01", "ct_03", "ct_05" }));
        Assert.That(
            report.ViewerCases[0].Masks.Select(mask => mask.Name),
            Is.EqualTo(new[] { "Truth", "Baseline", "S_syn", "S_real", "Ensemble" }));
    }

    [Test]
    public void Measurements_of_the_results_are_shown_as_far_as_there_are_any()
    {
        Assert.That(ReportBuilder.Build(_made.Options).Measurements, Is.Null, "results of an older version");
        _made.Write(
            "scored/mkd/results.csv",
            "case,file,status,reason,shell_ml,core_ml,lv_mass_g,aorta_mm,contrast_phase,shell_is_cut,core_is_cut,core_hu_mean,core_hu_sd\n"
            + "ct_01_image,a,ok,,10.04,20,,31.26,arterial,yes,no,312.4,44.6\nct_02_image,b,failed,bad,,,,,,,,,\n");
        var table = ReportBuilder.Build(_made.Options).Measurements!;
        Assert.That(table.Heads, Is.EqualTo((string[])["shell, mL", "core, mL", "Aorta, mm", "Contrast"]));
        Assert.That(table.Rows.Single().CaseId, Is.EqualTo("ct_01"));
        Assert.That(table.Rows[0].Cells, Is.EqualTo(((string, string)[])
            [("≥ 10.0", ""), ("20.0", "312 ± 45 HU"), ("31.3", ""), ("arterial", "")]));
        Assert.That(
            MkdSeg.Reports.Page.PageSections.Of(ReportBuilder.Build(_made.Options)).Single(section => section.Id == "measurements").Content,
            Does.Contain("<td>≥ 10.0 ").And.Contain("312 &#177; 45 HU"));
    }

    [Test]
    public void A_run_of_a_long_experiment_shows_its_test_volumes_and_the_plot_of_all_methods()
    {
        _made.Write("run/training.json", """{"method": "mkd", "validation": {"iterations": 1, "selectBest": false}}""");
        _made.Write("run/validation.csv", "iteration,prediction,shell,core,mean\n2,ensemble,0.5,0.7,0.6\n");
        Assert.That(Sections(), Does.Not.ContainKey("methods"));

        // Beside the folder of the runs, as an experiment writes it.
        _made.Write("tables/table1-long-4ct-curves.svg", "<svg/>");
        Assert.That(
            ReportBuilder.Build(_made.Options).Validation.Select(group => group.Title),
            Is.EqualTo(new[] { "Test volumes: mean Dice", "Test volumes: Dice of Ensemble" }));
        Assert.That(
            Sections()["methods"], Does.Contain("src=\"data:image/svg+xml;base64," + Convert.ToBase64String("<svg/>"u8)));

        Dictionary<string, string> Sections() => MkdSeg.Reports.Page.PageSections.Of(ReportBuilder.Build(_made.Options))
            .ToDictionary(section => section.Id, section => section.Content);
    }

    [Test]
    public void Failed_cases_are_told_and_what_was_left_out_is_not_counted()
    {
        var report = ReportBuilder.Build(_made.Options);
        Assert.That(report.FailedCases.Single(), Is.EqualTo(new Fact("ct_06", "The file is cut off, <b>copy</b> it again.")));
        Assert.That(report.Facts, Does.Contain(new Fact("Applied to", "6 volumes, 5 of them with an annotation")));
    }

    [Test]
    public void A_cycle_of_two_inversions_ends_where_it_began()
    {
        var example = ReportBuilder.Build(_made.Options).Translations.Single();
        Assert.That(example.CaseId, Is.EqualTo("mr_01"));
        Assert.That(example.CycleError, Is.LessThan(1e-6));
        Assert.That(example.Back, Is.EqualTo(example.Original));
        Assert.That(example.Translated, Is.Not.EqualTo(example.Original));
    }

    [Test]
    public void Agreement_comes_from_the_segmentors_masks()
    {
        var expected = Dice.PerStructure(MadeRun.Heart(2), MadeRun.Heart(1), MadeRun.Labels.ClassCount);
        var points = ReportBuilder.Build(_made.Options).Agreement;
        Assert.That(points, Has.Count.EqualTo(2 * MadeRun.Cases));
        Assert.That(
            points.Where(point => point.CaseId == "ct_01").Select(point => point.Agreement),
            Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void Agreement_comes_from_the_results_where_they_have_it()
    {
        _made.Write("scored/mkd/results.json", """
            {"device": "cuda:0", "threads": 0, "versions": {"MkdSeg": "1.2.3"}, "later": [1, {"x": null}], "cases": [
             {"case": {"name": "ct_02_image"}, "structures": [{"name": "core", "agreement": 0.75}, {"name": "shell"}, 7]}, "odd",
             {"case": "odd", "structures": []}]}
            """);
        var report = ReportBuilder.Build(_made.Options);
        Assert.That(
            report.Agreement.Where(point => point.CaseId == "ct_02").Select(point => (point.ClassIndex, point.Agreement)),
            Is.EqualTo(new[] { (2, 0.75) }));
        Assert.That(report.Environment, Does.Contain(new Fact("Masks made with", "MkdSeg 1.2.3")));
        Assert.That(report.Environment, Does.Contain(new Fact("Scoring threads", "one per core")));
    }

    [Test]
    public void Times_are_those_of_the_files()
    {
        Assert.That(ReportBuilder.Build(_made.Options).Times, Is.EqualTo(new[]
        {
            new TimeRow("Training, per iteration", 6, 4),
            new TimeRow("Scoring, per volume", 17.5, 5),
            new TimeRow("– reading", 2.5, 5),
            new TimeRow("– networks", 5, 5),
            new TimeRow("– writing", 10, 5),
        }));
    }

    [Test]
    public void Configuration_and_versions_are_listed()
    {
        var report = ReportBuilder.Build(_made.Options);
        Assert.That(report.Configuration, Is.EqualTo(new[]
        {
            new Fact("method", "mkd"), new Fact("iterations", "2"), new Fact("segmentor.filters", "16, 32"),
            new Fact("device", "cpu"),
        }));
        Assert.That(report.Environment, Does.Contain(new Fact("Model made with", "MkdSeg 9.8.7")));
    }

    [Test]
    public void Data_are_synthetic_where_their_manifest_calls_them_phantoms()
    {
        using var patients = new MadeRun("mm-whs", "Patients");
        Assert.That(ReportBuilder.Build(_made.Options).IsSynthetic, Is.True);
        Assert.That(ReportBuilder.Build(patients.Options).IsSynthetic, Is.False);
    }

    [Test]
    public void A_training_alone_has_curves_and_says_what_is_missing()
    {
        var report = ReportBuilder.Build(new() { Folders = [_made.Run] });
        Assert.That(report.Curves, Is.Not.Null);
        Assert.That(report.Predictions, Is.Empty);
        Assert.That(report.Pictures, Is.Empty);
        Assert.That(report.LeftOut, Has.Some.StartsWith("Dice:").And.Some.StartsWith("Pictures").And.Some.StartsWith("Translation"));
    }

    [Test]
    public void A_locator_that_was_trained_has_curves_and_times_of_its_own()
    {
        Assert.That(ReportBuilder.Build(new() { Folders = [_made.Run] }).Locator, Is.Null);
        _made.Write("run/locator.csv", "iteration,stage,seconds,lr_segmentor,lr_adversarial,L_locator\n"
            + "1,locator,0.5,0.01,0,0.75\n2,locator,1,0.005,0,0.5\n");
        var report = ReportBuilder.Build(new() { Folders = [_made.Run] });
        Assert.That(report.Locator!.Iterations, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(
            report.Locator.Columns.Single(curve => curve.Name == "L_locator").Values, Is.EqualTo(new[] { 0.75, 0.5 }));
        Assert.That(report.Times, Does.Contain(new TimeRow("Training of the locator, per iteration", 1, 2)));
        File.Delete(_made.Path("run", "metrics.csv"));
        Assert.That(
            ReportBuilder.Build(new() { Folders = [_made.Run] }).Locator,
            Is.Not.Null,
            "It is trained first; there may be no more yet.");
    }

    [Test]
    public void A_training_that_says_where_its_data_are_shows_translations()
    {
        _made.Write("run/plan.json", $$"""{"data": "{{_made.Path("data", "dataset.json")}}", "dataRoot": null}""");
        _made.Write("run/validation.csv", "iteration,prediction,shell,core,mean\n2,ensemble,0.5,0.7,0.6\n");
        var report = ReportBuilder.Build(new() { Folders = [_made.Run] });
        Assert.That(report.Translations, Has.Count.EqualTo(1));
        Assert.That(report.IsSynthetic, Is.True);
        Assert.That(report.Validation.Select(group => group.Title), Does.Contain("Validation: Dice of Ensemble"));
    }

    [Test]
    public void Photographs_are_not_taken_for_volumes()
    {
        File.Delete(_made.Path("data", "dataset.json"));
        File.Copy(TestKit.Repository.File("data-manifests/gta5-cityscapes.json"), _made.Path("data", "dataset.json"));
        _made.Write("run/plan.json", $$"""{"data": "{{_made.Path("data", "dataset.json")}}"}""");
        var report = ReportBuilder.Build(new() { Folders = [_made.Run] });
        Assert.That(report.Curves, Is.Not.Null);
        Assert.That(report.LeftOut, Has.Some.StartsWith("Translation: the data set"));
    }

    [Test]
    public void Masks_alone_without_annotations_are_shown_with_the_image()
    {
        foreach (var label in Directory.EnumerateFiles(_made.Path("data", "ct_test"), "*_label.nii.gz"))
            File.Delete(label);
        var report = ReportBuilder.Build(new() { Folders = [_made.Scored] });
        Assert.That(report.Predictions, Is.Empty);
        Assert.That(report.Pictures, Has.Count.EqualTo(3));
        Assert.That(report.Pictures[0].Rank, Is.EqualTo("best agreement"));
        Assert.That(report.Pictures[0].Rows.Select(row => row.Name), Is.EqualTo(new[] { "Ensemble" }));
        Assert.That(report.LeftOut, Has.Some.StartsWith("Learning curves").And.Some.StartsWith("Dice: no annotation"));
    }

    [Test]
    public void Volumes_that_are_too_large_for_the_page_are_shortened_and_it_says_so()
    {
        var report = ReportBuilder.Build(_made.Options with { ViewerBytes = 12_000 });
        Assert.That(
            report.ViewerCases.Select(item => item.Image.Length + item.Masks.Sum(mask => mask.Mask.Length)),
            Is.All.LessThanOrEqualTo(4000));
        Assert.That(report.LeftOut, Has.Some.StartsWith("Viewer, ct_01: cropped"));
    }

    [Test]
    public void A_folder_with_nothing_of_a_report_is_one_sentence()
    {
        Assert.That(
            () => ReportBuilder.Build(new() { Folders = [_made.Root] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("neither a training"));
        Assert.That(
            () => ReportBuilder.Build(new() { Folders = [_made.Path("no such")] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("There is no folder"));
        Assert.That(
            () => ReportBuilder.Build(_made.Options with { Compared = [("other", _made.Path("no such"))] }),
            Throws.TypeOf<UserErrorException>().With.Message.Contains("masks of other"));
    }
}
