using System.Text;
using static MkdSeg.Reports.Page.ReportPage;

namespace MkdSeg.Reports.Page;

internal static partial class PageSections
{
    private static readonly string[] PlaneNames = ["axial", "coronal", "sagittal"];

    private static string Viewer(ReportModel model)
    {
        var text = new StringBuilder("<p>Click or drag to move the crosshair; scroll to step through slices; drag with the right "
            + "button to change the grey window. The patient's right is on the left; in sagittal slices the front is on the "
            + "left.</p>\n<div class=\"controls\">\n");
        text.Append("<label>Case <select id=\"viewer-case\">");
        foreach (var item in model.ViewerCases)
            text.Append($"<option>{Encode($"{item.CaseId} ({item.Rank})")}</option>");
        text.Append("</select></label>\n<label>Mask <select id=\"viewer-mask\"></select></label>\n");
        text.Append("<label>View <select id=\"viewer-view\"><option value=\"3\">all planes and 3D</option>"
            + "<option value=\"0\">axial</option><option value=\"1\">coronal</option><option value=\"2\">sagittal</option>"
            + "<option value=\"4\">3D</option></select></label>\n");
        text.Append("<label>Opacity <input id=\"viewer-opacity\" type=\"range\" min=\"0\" max=\"1\" step=\"0.05\" value=\"0.5\">"
            + "</label>\n</div>\n<fieldset id=\"viewer-structures\"><legend>Structures</legend>\n");
        foreach (var structure in model.Labels.Structures)
        {
            text.Append($"<label><input type=\"checkbox\" value=\"{structure.ClassIndex}\" checked>"
                + $"{Swatch(structure.Color)}{Encode(structure.Name)}</label>\n");
        }

        return text.Append("</fieldset>\n<div class=\"viewer-frame\"><canvas id=\"viewer-canvas\" "
            + "aria-label=\"Volume with masks\"></canvas></div>\n<p id=\"viewer-location\" class=\"location\"></p>\n").ToString();
    }

    private static string Pictures(ReportModel model)
    {
        var text = new StringBuilder("<p>The patient's right is on the left; in sagittal planes the front is on the left.</p>\n"
            + "<ul class=\"legend\">");
        foreach (var structure in model.Labels.Structures)
            text.Append($"<li>{Swatch(structure.Color)}{Encode(structure.Name)}</li>");
        text.Append("</ul>\n");
        foreach (var item in model.Pictures)
        {
            var dice = item.Dice is { } value ? $", mean Dice {Number(value)}" : "";
            text.Append($"<h3>{Encode(item.CaseId)} ({Encode(item.Rank)}{dice})</h3>\n");
            foreach (var (name, planes) in item.Rows)
            {
                text.Append($"<figure><figcaption>{Encode(name)}</figcaption><div class=\"planes\">");
                for (var i = 0; i < planes.Count; i++)
                    text.Append(Panel(planes[i], $"{item.CaseId}, {name}, {PlaneNames[i]} plane", PlaneNames[i]));
                text.Append("</div></figure>\n");
            }
        }

        return text.ToString();
    }

    private static string MethodPlots(ReportModel model) => string.Concat(model.MethodPlots.Select(svg =>
        $"<figure>{Image(svg, "Mean Dice of test volumes over passes, one line per table row", "image/svg+xml")}</figure>\n"));

    private static string Translations(ReportModel model)
    {
        var text = new StringBuilder("<p>A slice of the assistant modality, its translation to the target modality by one "
            + "generator, and the translation back by the other. Structures must not move.</p>\n");
        foreach (var example in model.Translations)
        {
            var (id, from, to) = (example.CaseId, Encode(example.From), Encode(example.To));
            text.Append("<figure><div class=\"cycle\">")
                .Append(Panel(example.Original, $"{id}, {example.From} slice", $"{from} (x<sup>a</sup>)"))
                .Append(Panel(example.Translated, $"{id}, synthetic {example.To}", $"synthetic {to} (x<sup>a→t</sup>)"))
                .Append(Panel(
                    example.Back, $"{id}, translated back to {example.From}", $"back to {from} (x<sup>a→t→a</sup>)"))
                .Append($"</div><figcaption>{Encode(id)}: mean |x<sup>a→t→a</sup> − x<sup>a</sup>| {Number(example.CycleError)} "
                    + "on a scale from −1 to 1</figcaption></figure>\n");
        }

        return text.ToString();
    }

    // The label is already HTML; the description is not.
    private static string Panel(byte[] png, string description, string label) =>
        $"<div>{Image(png, description)}<small>{label}</small></div>";

    private static string Swatch(string colour) => $"<span class=\"swatch\" style=\"background:{Encode(colour)}\"></span>";
}
