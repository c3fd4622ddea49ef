using System.Globalization;
using System.Text;
using MkdSeg.Reports.Reading;
using static MkdSeg.Reports.Page.ReportPage;

namespace MkdSeg.Reports.Page;

/// <summary>A section of the page, with its content as HTML; some sections are for the screen only.</summary>
internal sealed record PageSection(string Id, string Title, string Content, bool IsScreenOnly = false);

internal static partial class PageSections
{
    private const double Low = 0.7;
    private const double Middling = 0.8;

    /// <summary>Returns the sections in order; empty ones are left out.</summary>
    public static IReadOnlyList<PageSection> Of(ReportModel model)
    {
        var (hasScores, hasFailures) = (model.Predictions.Count > 0, model.FailedCases.Count > 0);
        return
        [
            .. Section(true, "what", "Model and data", () => Facts(model.Facts)),
            .. Section(hasScores, "dice", "Dice per structure", () => DiceTable(model)),
            .. Section(hasScores, "cases", "Cases, worst first", () => CaseTable(model)),
            .. Section(hasFailures && !hasScores, "cases", "Cases without a mask", () => Failures(model)),
            .. Section(model.Measurements is not null, "measurements", "Measurements", () => Measurements(model.Measurements!)),
            .. Section(model.ViewerCases.Count > 0, "viewer", "Viewer", () => Viewer(model), isScreenOnly: true),
            .. Section(
                model.Pictures.Count > 0, "pictures", "Annotation and prediction in three planes", () => Pictures(model)),
            .. Section(
                model.Agreement.Count > 0, "agreement", "Agreement of the segmentors against Dice", () => AgreementChart(model)),
            .. Section(PageData.ChartGroups(model).Count > 0, "curves", "Learning curves", () => CurveCharts(model)),
            .. Section(model.MethodPlots.Count > 0, "methods", "Methods over passes", () => MethodPlots(model)),
            .. Section(model.Translations.Count > 0, "translation", "Translation there and back", () => Translations(model)),
            .. Section(model.Times.Count > 0, "times", "Times", () => Times(model)),
            .. Section(true, "environment", "Environment", () => Facts(model.Environment)),
            .. Section(
                model.Configuration.Count > 0,
                "configuration",
                "Configuration",
                () => $"<details><summary>The {model.Configuration.Count} training options</summary>\n"
                    + $"{Facts(model.Configuration)}</details>\n"),
            .. Section(
                model.LeftOut.Count > 0,
                "left-out",
                "Left out or shortened",
                () => $"<ul class=\"absent\">\n{string.Concat(model.LeftOut.Select(line => $"<li>{Encode(line)}</li>\n"))}</ul>\n"),
        ];
    }

    /// <summary>Returns the result in one sentence, with the gain over each compared model; empty without scores.</summary>
    public static string Headline(ReportModel model)
    {
        if (model.Predictions.Count == 0)
            return "";
        var (main, structures) = (model.Predictions[^1], model.Labels.Structures.Count);
        var gains = model.Predictions.Where(item => item != main && model.Compared.Contains(item.Name)).Select(other =>
        {
            var shared = main.SharedWith(other);
            var (own, theirs) = (shared.OverallMean(structures), other.SharedWith(main).OverallMean(structures));
            var count = shared.Cases.Count == main.Cases.Count ? "" : $" on the {Cases(shared.Cases.Count)} that both have";
            return double.IsNaN(own - theirs) ? "" : $"; <strong>{own - theirs:+0.000;−0.000;±0.000}</strong> against "
                + $"{Encode(other.Name)} ({Number(theirs)}){count}";
        });
        return $"<p class=\"headline\">{Encode(main.Name)}: mean Dice <strong>{Number(main.OverallMean(structures))}</strong> on "
            + $"{Cases(main.Cases.Count)}{string.Concat(gains)}</p>";

        string Cases(int count) => $"{count} {(model.IsSynthetic ? "phantom " : "")}case{(count == 1 ? "" : "s")}";
    }

    private static IEnumerable<PageSection> Section(
        bool isThere, string id, string title, Func<string> content, bool isScreenOnly = false) =>
        isThere ? [new(id, title, content(), isScreenOnly)] : [];

    private static string Facts(IReadOnlyList<Fact> facts)
    {
        var rows = facts.Select(fact => $"<tr><th scope=\"row\">{Encode(fact.Name)}</th><td>{Encode(fact.Value)}</td></tr>\n");
        return $"<table class=\"facts\"><tbody>\n{string.Concat(rows)}</tbody></table>\n";
    }

    private static string DiceTable(ReportModel model)
    {
        var structures = model.Labels.Structures;
        var heads = structures
            .Select(structure => $"<abbr title=\"{Encode(structure.FullName)}\">{Encode(structure.Name)}</abbr>");
        var rows = model.Predictions.Select(prediction => new TableRow(
            prediction.Name,
            [
                .. structures.Select((_, i) => $"<td>{Number(prediction.StructureMean(i))} <span class=\"spread\">± "
                    + $"{Number(prediction.StructureDeviation(i))}</span></td>"),
                $"<td>{Number(prediction.OverallMean(structures.Count))}</td>",
                $"<td>{prediction.Cases.Count}</td>",
            ],
            IsMain: prediction == model.Predictions[^1]));
        return Table(
                "Mean over the cases ± standard deviation; 1 is perfect. “Mean” is the mean of the structures' means.",
                ["Prediction", .. heads, "Mean", "Cases"],
                rows)
            + "<div class=\"scroll\"><div class=\"chart wide\">"
            + Canvas("dice-chart", "Box plots of Dice per structure and prediction; the table above lists the means.")
            + "</div></div>\n<p class=\"note\">Boxes: quartiles and median over the cases; whiskers: the furthest values within "
            + "1.5 box lengths of the box; dots: the cases; pale dots: means.</p>\n";
    }

    private static string CaseTable(ReportModel model)
    {
        var main = model.Predictions[^1];
        var others = model.Predictions.SkipLast(1).ToList();
        var rows = main.Cases.OrderBy(item => item.Mean).ThenBy(item => item.CaseId, StringComparer.Ordinal)
            .Select(item => new TableRow(
                item.CaseId,
                [
                    .. item.Dice.Select(Cell),
                    $"<td><strong>{Number(item.Mean)}</strong></td>",
                    .. others.Select(other => $"<td>{Number(other.Case(item.CaseId)?.Mean ?? double.NaN)}</td>"),
                ]));
        return (model.FailedCases.Count > 0 ? Failures(model) : "") + Table(
            $"Dice of {Encode(main.Name)}; shaded below {Middling:0.0} and below {Low:0.0}; – : neither mask contains the "
            + "structure.",
            [
                "Case", .. model.Labels.Structures.Select(structure => Encode(structure.Name)), "Mean",
                .. others.Select(other => $"Mean of<br>{Encode(other.Name)}"),
            ],
            rows);
    }

    private static string Measurements(MeasurementTable table) => Table(
        "Measured on the masks as written; for research only. ≥ : the edge of the volume cuts off part of the structure.",
        ["Case", .. table.Heads.Select(Encode)],
        table.Rows.Select(row => new TableRow(
            row.CaseId,
            [.. row.Cells.Select(cell => $"<td>{Encode(cell.Text)} <span class=\"spread\">{Encode(cell.Below)}</span></td>")])));

    private static string Failures(ReportModel model) =>
        $"<p>{model.FailedCases.Count} of the cases have no mask:</p>\n{Facts(model.FailedCases)}";

    private static string AgreementChart(ReportModel model)
    {
        var correlation = AgreementReader.Correlation(model.Agreement);
        return "<p>Predictions are more reliable where the segmentors agree, and agreement needs no annotation. Each dot is "
            + $"one structure in one case ({model.Agreement.Count} dots, Pearson's correlation {Number(correlation)})."
            + "</p>\n"
            + $"<div class=\"chart square\">{Canvas("agreement-chart", "Scatter plot of agreement and Dice.")}</div>\n";
    }

    private static string CurveCharts(ReportModel model)
    {
        var text = new StringBuilder("<p>");
        if (model.Curves is { } curves)
        {
            text.Append($"{curves.Total} iterations");
            if (curves.Stages.Count > 1)
                text.Append($" in the stages {Encode(string.Join(", ", curves.Stages.Select(stage => stage.Name)))}");
            text.Append(curves.Span == 1 ? ". " : $"; each point is the mean of {curves.Span} rows of metrics.csv. ");
        }

        if (model.Locator is { } locator)
        {
            text.Append("The locator, which finds the heart in whole volumes, was trained for ")
                .Append($"{locator.Total} iterations")
                .Append(locator.Span == 1 ? "." : $"; each point is the mean of {locator.Span} rows of locator.csv.");
        }

        text.Append("</p>\n<div class=\"charts\">\n");
        var groups = PageData.ChartGroups(model);
        for (var i = 0; i < groups.Count; i++)
        {
            var names = string.Join(", ", groups[i].Curves.Select(curve => curve.Name));
            var note = AxisLimits.Of(groups[i]).Outside switch
            {
                0 => "",
                1 => " (one outlier lies outside the axis, which covers the 1st to 99th percentile)",
                var outside => $" ({outside} outliers lie outside the axis, which covers the 1st to 99th percentile)",
            };
            text.Append($"<figure><figcaption>{Encode(groups[i].Title)}{note}</figcaption><div class=\"chart\">"
                + $"{Canvas($"curves-chart-{i}", $"{groups[i].Title} over iterations: {names}")}</div></figure>\n");
        }

        return text.Append("</div>\n").ToString();
    }

    private static string Times(ReportModel model) => Table(
        null,
        ["Step", "Total, s", "Count", "Each, s"],
        model.Times.Select(row => new TableRow(
            row.What,
            [
                $"<td>{row.Seconds:0.0}</td>",
                $"<td>{row.Count}</td>",
                row.Count > 0 ? $"<td>{Number(row.Seconds / row.Count.Value)}</td>" : "<td></td>",
            ])));

    // Headings and cells are already HTML; names are not.
    private static string Table(string? caption, IEnumerable<string> heads, IEnumerable<TableRow> rows)
    {
        var text = new StringBuilder("<div class=\"scroll\">\n<table>\n");
        if (caption is not null)
            text.Append($"<caption><span>{caption}</span></caption>\n");
        text.Append($"<thead><tr>{string.Concat(heads.Select(head => $"<th scope=\"col\">{head}</th>"))}</tr></thead>\n<tbody>\n");
        foreach (var row in rows)
        {
            text.Append(row.IsMain ? "<tr class=\"main\">" : "<tr>")
                .Append($"<th scope=\"row\">{Encode(row.Name)}</th>{string.Concat(row.Cells)}</tr>\n");
        }

        return text.Append("</tbody>\n</table>\n</div>\n").ToString();
    }

    private static string Cell(double dice)
    {
        var shade = dice < Low ? " class=\"low\"" : dice < Middling ? " class=\"middling\"" : "";
        return $"<td{shade}>{Number(dice)}</td>";
    }

    private static string Canvas(string id, string description) =>
        $"<canvas id=\"{id}\" role=\"img\" aria-label=\"{Encode(description)}\"></canvas>";

    private static string Number(double value) =>
        double.IsFinite(value) ? value.ToString("0.000", CultureInfo.InvariantCulture) : "–";

    private sealed record TableRow(string Name, IReadOnlyList<string> Cells, bool IsMain = false);
}
