using System.Globalization;
using System.Text;
using MkdSeg.Reports.Model;
using static MkdSeg.Reports.Page.ReportPage;

namespace MkdSeg.Reports.Page;

/// <summary>A section of the page.</summary>
/// <param name="Id">Where links lead.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Content">HTML.</param>
/// <param name="IsScreenOnly">Whether it is left out on paper.</param>
internal sealed record PageSection(string Id, string Title, string Content, bool IsScreenOnly = false);

/// <summary>The sections of the page, each of what the report has.</summary>
internal static partial class PageSections
{
    private const double Low = 0.7;
    private const double Middling = 0.8;

    /// <summary>The sections in order; what the report has not is left out.</summary>
    public static IReadOnlyList<PageSection> Of(ReportModel model)
    {
        var sections = new List<PageSection> { new("what", "What was run on what", Facts(model.Facts)) };
        if (model.Predictions.Count > 0)
        {
            sections.Add(new("dice", "Dice per structure", DiceTable(model)));
            sections.Add(new("cases", "Cases, worst first", CaseTable(model)));
        }
        else if (model.FailedCases.Count > 0)
        {
            sections.Add(new("cases", "Cases without a mask", Failures(model)));
        }

        if (model.ViewerCases.Count > 0)
            sections.Add(new("viewer", "Viewer", Viewer(model), IsScreenOnly: true));
        if (model.Pictures.Count > 0)
            sections.Add(new("pictures", "Annotation and prediction in three planes", Pictures(model)));
        if (model.Agreement.Count > 0)
            sections.Add(new("agreement", "Agreement of the segmentors against Dice", AgreementChart(model)));
        if (PageData.ChartGroups(model).Count > 0)
            sections.Add(new("curves", "Learning curves", CurveCharts(model)));
        if (model.Translations.Count > 0)
            sections.Add(new("translation", "Translation and back", Translations(model)));
        if (model.Times.Count > 0)
            sections.Add(new("times", "Times", Times(model)));
        sections.Add(new("environment", "Environment", Facts(model.Environment)));
        if (model.Configuration.Count > 0)
        {
            sections.Add(new(
                "configuration",
                "Configuration",
                $"<details><summary>The {model.Configuration.Count} options of the training</summary>\n"
                + $"{Facts(model.Configuration)}</details>\n"));
        }

        if (model.LeftOut.Count > 0)
        {
            sections.Add(new(
                "left-out",
                "Left out or shortened",
                $"<ul class=\"absent\">\n{string.Concat(model.LeftOut.Select(line => $"<li>{Encode(line)}</li>\n"))}</ul>\n"));
        }

        return sections;
    }

    private static string Facts(IReadOnlyList<Fact> facts)
    {
        var rows = facts.Select(fact => $"<tr><th scope=\"row\">{Encode(fact.Name)}</th><td>{Encode(fact.Value)}</td></tr>\n");
        return $"<table class=\"facts\"><tbody>\n{string.Concat(rows)}</tbody></table>\n";
    }

    private static string DiceTable(ReportModel model)
    {
        var names = model.Labels.Structures;
        var text = new StringBuilder("<div class=\"scroll\">\n<table>\n");
        text.Append("<caption><span>Mean over the cases ± standard deviation; 1 is perfect. “Mean” is that of the structures' "
            + "means.</span></caption>\n");
        text.Append("<thead><tr><th scope=\"col\">Prediction</th>");
        foreach (var structure in names)
            text.Append($"<th scope=\"col\"><abbr title=\"{Encode(structure.FullName)}\">{Encode(structure.Name)}</abbr></th>");
        text.Append("<th scope=\"col\">Mean</th><th scope=\"col\">Cases</th></tr></thead>\n<tbody>\n");
        for (var row = 0; row < model.Predictions.Count; row++)
        {
            var prediction = model.Predictions[row];
            text.Append(row == model.Predictions.Count - 1 ? "<tr class=\"main\">" : "<tr>");
            text.Append($"<th scope=\"row\">{Encode(prediction.Name)}</th>");
            for (var i = 0; i < names.Count; i++)
            {
                text.Append($"<td>{Number(prediction.StructureMean(i))} <span class=\"spread\">± "
                    + $"{Number(prediction.StructureDeviation(i))}</span></td>");
            }

            text.Append($"<td>{Number(prediction.OverallMean(names.Count))}</td><td>{prediction.Cases.Count}</td></tr>\n");
        }

        text.Append("</tbody>\n</table>\n</div>\n<div class=\"scroll\"><div class=\"chart wide\">");
        text.Append(Canvas("dice-chart", "Box plots of Dice per structure and prediction; the table above has the means."));
        return text.Append("</div></div>\n<p class=\"note\">Boxes: quartiles and median over the cases; whiskers: the furthest "
            + "values within 1.5 times the box; dots: the cases; pale dots: means.</p>\n").ToString();
    }

    private static string CaseTable(ReportModel model)
    {
        var main = model.Predictions[^1];
        var others = model.Predictions.SkipLast(1).ToList();
        var text = new StringBuilder(model.FailedCases.Count > 0 ? Failures(model) : "");
        text.Append("<div class=\"scroll\">\n<table>\n<caption><span>Dice of ").Append(Encode(main.Name))
            .Append(CultureInfo.InvariantCulture, $"; shaded below {Middling:0.0} and below {Low:0.0}; – : neither mask has ")
            .Append("the structure.</span></caption>\n<thead><tr><th scope=\"col\">Case</th>");
        foreach (var structure in model.Labels.Structures)
            text.Append($"<th scope=\"col\">{Encode(structure.Name)}</th>");
        text.Append("<th scope=\"col\">Mean</th>");
        foreach (var other in others)
            text.Append($"<th scope=\"col\">Mean of<br>{Encode(other.Name)}</th>");
        text.Append("</tr></thead>\n<tbody>\n");
        foreach (var item in main.Cases.OrderBy(item => item.Mean).ThenBy(item => item.CaseId, StringComparer.Ordinal))
        {
            text.Append($"<tr><th scope=\"row\">{Encode(item.CaseId)}</th>");
            foreach (var dice in item.Dice)
                text.Append(Cell(dice));
            text.Append($"<td><strong>{Number(item.Mean)}</strong></td>");
            foreach (var other in others)
                text.Append($"<td>{Number(other.Case(item.CaseId)?.Mean ?? double.NaN)}</td>");
            text.Append("</tr>\n");
        }

        return text.Append("</tbody>\n</table>\n</div>\n").ToString();
    }

    private static string Failures(ReportModel model) =>
        $"<p>{model.FailedCases.Count} of the cases have no mask:</p>\n{Facts(model.FailedCases)}";

    private static string AgreementChart(ReportModel model)
    {
        var correlation = AgreementReader.Correlation(model.Agreement);
        return "<p>Where the segmentors agree, the prediction can be trusted more; agreement needs no annotation. Each dot is "
            + string.Create(
                CultureInfo.InvariantCulture,
                $"a structure of a case ({model.Agreement.Count} dots, Pearson's correlation {Number(correlation)}).</p>\n")
            + $"<div class=\"chart square\">{Canvas("agreement-chart", "Scatter plot of agreement and Dice.")}</div>\n";
    }

    private static string CurveCharts(ReportModel model)
    {
        var text = new StringBuilder("<p>");
        if (model.Curves is { } curves)
        {
            text.Append(CultureInfo.InvariantCulture, $"{curves.Total} iterations");
            if (curves.Stages.Count > 1)
                text.Append($" in the stages {Encode(string.Join(", ", curves.Stages.Select(stage => stage.Name)))}");
            text.Append(curves.Span == 1 ? ". " : $"; each point is the mean of {curves.Span} rows of metrics.csv. ");
        }

        if (model.Locator is { } locator)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"The locator, which finds the heart in whole volumes, was trained for {locator.Total} iterations");
            text.Append(locator.Span == 1 ? "." : $"; each point is the mean of {locator.Span} rows of locator.csv.");
        }

        text.Append("</p>\n<div class=\"charts\">\n");
        var groups = PageData.ChartGroups(model);
        for (var i = 0; i < groups.Count; i++)
        {
            var names = string.Join(", ", groups[i].Curves.Select(curve => curve.Name));
            text.Append($"<figure><figcaption>{Encode(groups[i].Title)}</figcaption><div class=\"chart\">"
                + $"{Canvas($"curves-chart-{i}", $"{groups[i].Title} over iterations: {names}")}</div></figure>\n");
        }

        return text.Append("</div>\n").ToString();
    }

    private static string Times(ReportModel model)
    {
        var text = new StringBuilder("<div class=\"scroll\"><table>\n<thead><tr><th scope=\"col\">What</th>"
            + "<th scope=\"col\">Total, s</th><th scope=\"col\">Times</th><th scope=\"col\">Each, s</th></tr></thead>\n<tbody>\n");
        foreach (var row in model.Times)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{Encode(row.What)}</th><td>{row.Seconds:0.0}</td><td>{row.Count}</td><td>")
                .Append(row.Count > 0 ? (row.Seconds / row.Count.Value).ToString("0.000", CultureInfo.InvariantCulture) : "")
                .Append("</td></tr>\n");
        }

        return text.Append("</tbody></table></div>\n").ToString();
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
}
