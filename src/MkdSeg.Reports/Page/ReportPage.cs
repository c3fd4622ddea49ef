using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace MkdSeg.Reports.Page;

internal static partial class ReportPage
{
    public static string Write(ReportModel model, PageLibraries libraries)
    {
        var sections = PageSections.Of(model);
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = Encode(model.Title),
            ["style"] = PageLibraries.Resource("report.css"),
            ["subtitle"] = $"Report of MkdSeg, made {Encode(Date(model.Made))}",
            ["headline"] = PageSections.Headline(model),
            ["notice"] = model.IsSynthetic
                ? "<p class=\"notice\"><strong>These data are synthetic:</strong> phantom volumes made by a program. What is "
                    + "measured on them says nothing about patients.</p>"
                : "",
            ["navigation"] = string.Concat(sections.Select(section =>
                $"<a href=\"#{section.Id}\"{(section.IsScreenOnly ? " class=\"screen-only\"" : "")}>{section.Title}</a>")),
            ["sections"] = string.Concat(sections.Select(section =>
                $"<section id=\"{section.Id}\"{(section.IsScreenOnly ? " class=\"screen-only\"" : "")}>\n"
                + $"<h2>{section.Title}</h2>\n{section.Content}</section>\n")),
            ["licences"] = Encode(PageLibraries.Resource("licences.txt")),
            ["data"] = PageData.Json(model),
            ["volumes"] = Volumes(model),
            ["scripts"] = string.Concat(
                new[]
                {
                    libraries.Charts,
                    libraries.BoxPlots,
                    model.ViewerCases.Count > 0 ? libraries.Viewer : "",
                    PageLibraries.Resource("charts.js"),
                    model.ViewerCases.Count > 0 ? PageLibraries.Resource("heart-viewer.js") : "",
                    model.ViewerCases.Count > 0 ? PageLibraries.Resource("viewer.js") : "",
                }.Where(script => script.Length > 0).Select(Script)),
        };

        // In one pass: what is put in is not looked through for places to fill.
        return Place().Replace(PageLibraries.Resource("report.html"), match => parts[match.Groups[1].Value]);
    }

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public static string Image(byte[] picture, string description, string type = "image/png") =>
        $"<img src=\"data:{type};base64,{Convert.ToBase64String(picture)}\" alt=\"{Encode(description)}\">";

    private static string Date(DateTimeOffset date) =>
        date.UtcDateTime.ToString("d MMMM yyyy, HH:mm 'UTC'", CultureInfo.InvariantCulture);

    // An end tag within a string of a script would end the script.
    private static string Script(string text) =>
        $"<script>\n{text.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}\n</script>\n";

    private static string Volumes(ReportModel model)
    {
        var text = new StringBuilder();
        for (var i = 0; i < model.ViewerCases.Count; i++)
        {
            var item = model.ViewerCases[i];
            Add(PageData.ImageElement(i), item.Image);
            for (var mask = 0; mask < item.Masks.Count; mask++)
                Add(PageData.MaskElement(i, mask), item.Masks[mask].Mask);
        }

        return text.ToString();

        void Add(string id, byte[] bytes) =>
            text.Append($"<script type=\"text/plain\" id=\"{id}\">{Convert.ToBase64String(bytes)}</script>\n");
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Place();
}
