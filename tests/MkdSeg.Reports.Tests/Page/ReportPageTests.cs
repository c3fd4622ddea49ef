using System.Text.RegularExpressions;
using MkdSeg.Datasets;
using MkdSeg.Reports.Page;

namespace MkdSeg.Reports.Tests.Page;

public class ReportPageTests
{
    private static readonly PageLibraries NoLibraries = new("", "", "");

    private static readonly ReportModel Small = new()
    {
        Title = "A <title> & more",
        Made = DateTimeOffset.UnixEpoch,
        Labels = MadeRun.Labels,
        Predictions =
        [
            new("Baseline", [new("good", [0.5, 0.6]), new("bad", [0.25, double.NaN])]),
            new("Ensemble", [new("good", [0.9, 0.95]), new("bad", [0.6789, double.NaN]), new("fair", [0.8, 0.75])]),
        ],
    };

    [Test]
    public void Names_from_files_cannot_become_markup()
    {
        var evil = Small with
        {
            Predictions = [new("<i>S</i>", [new("</script><script>alert(1)</script>", [0.5, 0.5])])],
            FailedCases = [new("<img src=x>", "\"quoted\" & <b>bold</b>")],
            LeftOut = ["<u>"],
        };
        var page = ReportPage.Write(evil, NoLibraries);
        Assert.That(page, Does.Contain("A &lt;title&gt; &amp; more"));
        Assert.That(page, Does.Contain("&lt;img src=x&gt;"));
        foreach (var markup in new[] { "<i>S", "<img", "<b>", "<u>", "<script>alert" })
            Assert.That(page, Does.Not.Contain(markup));
    }

    [Test]
    public void Cases_are_sorted_by_the_worst_of_the_models_own_prediction()
    {
        var section = PageSections.Of(Small).Single(item => item.Id == "cases").Content;
        var rows = Regex.Matches(section, "<tr><th scope=\"row\">(\\w+)</th>").Select(match => match.Groups[1].Value);
        Assert.That(rows, Is.EqualTo(new[] { "bad", "fair", "good" }));
    }

    [Test]
    public void Cells_hold_the_numbers_and_a_dash_where_there_is_none()
    {
        var section = PageSections.Of(Small).Single(item => item.Id == "cases").Content;
        Assert.That(section, Does.Contain(
            "<tr><th scope=\"row\">bad</th><td class=\"low\">0.679</td><td>–</td><td><strong>0.679</strong></td><td>0.250</td>"));
        Assert.That(section, Does.Contain(
            "<tr><th scope=\"row\">fair</th><td>0.800</td><td class=\"middling\">0.750</td><td><strong>0.775</strong></td><td>–</td>"));
    }

    [Test]
    public void Means_are_over_cases_first_and_then_over_structures()
    {
        var section = PageSections.Of(Small).Single(item => item.Id == "dice").Content;

        // shell (0.9 + 0.6789 + 0.8) / 3 = 0.793, core (0.95 + 0.75) / 2 = 0.85; together 0.8215.
        Assert.That(section, Does.Match(
            "<tr class=\"main\"><th scope=\"row\">Ensemble</th><td>0\\.793 .*<td>0\\.850 .*<td>0\\.821</td><td>3</td>"));
    }

    [Test]
    public void The_headline_has_the_result_and_the_gain_on_the_cases_that_both_have()
    {
        var model = Small with { Compared = ["Baseline"], IsSynthetic = true };

        // Ensemble on good and bad: shell (0.9 + 0.6789) / 2 = 0.78945, core 0.95; mean 0.8697. Baseline: 0.375, 0.6; 0.4875.
        Assert.That(PageSections.Headline(model), Is.EqualTo(
            "<p class=\"headline\">Ensemble: mean Dice <strong>0.821</strong> on 3 phantom cases; <strong>+0.382</strong> "
            + "against Baseline (0.488) on the 2 phantom cases that both have</p>"));
        Assert.That(
            PageSections.Headline(Small),
            Is.EqualTo("<p class=\"headline\">Ensemble: mean Dice <strong>0.821</strong> on 3 cases</p>"),
            "Single segmentors are not compared with, and patients are no phantoms.");
        Assert.That(ReportPage.Write(model, NoLibraries), Does.Contain(PageSections.Headline(model)));
        Assert.That(PageSections.Headline(Small with { Predictions = [] }), Is.Empty);
    }

    [Test]
    public void A_loss_has_a_minus_sign()
    {
        var worse = Small with
        {
            Predictions = [new("<Old>", [new("a", [0.75, 0.75])]), new("S_real", [new("a", [0.5, 0.5])])],
            Compared = ["<Old>"],
        };
        Assert.That(PageSections.Headline(worse), Is.EqualTo(
            "<p class=\"headline\">S_real: mean Dice <strong>0.500</strong> on 1 case; <strong>−0.250</strong> against "
            + "&lt;Old&gt; (0.750)</p>"));
    }

    [Test]
    public void Captions_of_translations_name_the_modalities()
    {
        var section = PageSections.Of(Small with { Translations = [new("mr_01", "MR", "CT", [1], [2], [3], 0.25)] })
            .Single(item => item.Id == "translation").Content;
        Assert.That(
            Regex.Matches(section, "<small>([^<(]+) \\(").Select(match => match.Groups[1].Value),
            Is.EqualTo(new[] { "MR", "synthetic CT", "back to MR" }));
        Assert.That(section, Does.Contain("alt=\"mr_01, synthetic CT\""));
    }

    [Test]
    public void A_plain_line_says_that_phantoms_are_synthetic()
    {
        Assert.That(ReportPage.Write(Small, NoLibraries), Does.Not.Contain("synthetic"));
        Assert.That(ReportPage.Write(Small with { IsSynthetic = true }, NoLibraries), Does.Contain("These data are synthetic"));
    }

    [Test]
    public void A_report_of_nothing_but_a_title_is_a_page()
    {
        var page = ReportPage.Write(
            new() { Title = "empty", Made = DateTimeOffset.UnixEpoch, Labels = LabelSet.WholeHeart }, NoLibraries);
        Assert.That(page, Does.Contain("<h1>empty</h1>").And.Not.Contain("{{"));
        Assert.That(page, Does.Not.Contain("<canvas"));
    }

    [Test]
    public void Nothing_in_the_page_is_fetched_from_elsewhere()
    {
        var page = ReportPage.Write(Small, PageLibraries.Load());
        Assert.That(page, Does.Contain("default-src 'none'"));
        Assert.That(Regex.IsMatch(page, "<(script|img|link|iframe)[^>]+(src|href)=\"(?!data:)"), Is.False);
    }

    [Test]
    public void Scripts_that_name_their_own_end_tag_do_not_end()
    {
        var page = ReportPage.Write(Small, NoLibraries with { Charts = "const text = \"</script>\";" });
        Assert.That(page, Does.Contain("\"<\\/script>\""));
    }

    [Test]
    public void Curves_are_grouped_by_kind_and_logarithmic_only_where_all_values_are_above_zero()
    {
        var groups = PageData.CurveGroups(new(
            1,
            [1, 2],
            [("", 1)],
            [new("L_sup_real", [2, 1]), new("lr_segmentor", [1, 0]), new("L_kd_sr", [1, 0]), new("surprise", [1, 1])],
            2,
            null));
        Assert.That(
            groups.Select(group => (group.Curves.Single().Name, group.IsLogarithmic)),
            Is.EqualTo(new[] { ("L_sup_real", true), ("L_kd_sr", false), ("lr_segmentor", false), ("surprise", false) }));
    }

    [Test]
    public void Curves_of_the_locator_have_charts_of_their_own()
    {
        var model = Small with
        {
            Curves = new(1, [1, 2], [("first", 1), ("second", 2)], [new("L_sup", [2, 1])], 2, null),
            Locator = new(
                3,
                [3, 6],
                [("locator", 1)],
                [new("lr_segmentor", [0.01, 0.005]), new("lr_adversarial", [0, 0]), new("L_locator", [0.75, 0.5])],
                6,
                1.5),
        };
        Assert.That(
            PageData.ChartGroups(model).Select(group =>
                (group.Title, group.Curves.Single().Name, group.IsLogarithmic, group.HasOwnCount)),
            Is.EqualTo(new[]
            {
                ("Supervised losses", "L_sup", true, false),
                ("Locator: loss", "L_locator", true, true),
                ("Locator: learning rate", "lr_segmentor", false, true),
            }));
        var section = PageSections.Of(model).Single(item => item.Id == "curves").Content;
        Assert.That(section, Does.Contain("6 iterations; each point is the mean of 3 rows of locator.csv."));
        Assert.That(section, Does.Contain("curves-chart-2").And.Contain("<figcaption>Locator: loss</figcaption>"));
        var alone = PageSections.Of(model with { Curves = null }).Single(item => item.Id == "curves").Content;
        Assert.That(alone, Does.Contain("curves-chart-1").And.Not.Contain("curves-chart-2").And.Not.Contain("L_sup"));
    }
}
