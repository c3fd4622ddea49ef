using System.Globalization;
using System.Net;
using System.Text;

namespace MkdSeg.Experiments.Results;

/// <summary>Draws curves of Dice over passes as SVG: one line per row, each point with its values as a tooltip.</summary>
internal static class CurvePlot
{
    /// <summary>Size of the image and, within it, the limits of the axes, in pixels.</summary>
    public const int Width = 1040, Height = 520, Left = 60, Right = 680, Top = 40, Bottom = 470;

    private const double DiceStep = 0.05;

    // Okabe and Ito 2008, distinguishable for colour-blind readers, and grey.
    private static readonly string[] Colours =
        ["#000000", "#e69f00", "#56b4e9", "#009e73", "#0072b2", "#d55e00", "#cc79a7", "#999999"];

    public static string Draw(string title, string assistant, IReadOnlyList<DiceCurve> curves)
    {
        var (lower, upper, passes) = Limits(curves);
        string X(double value) => Pixel(Left + (value / passes * (Right - Left)));
        string Y(double dice) => Pixel(Bottom - ((dice - lower) / (upper - lower) * (Bottom - Top)));
        var text = new StringBuilder(
            $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{Height}\" viewBox=\"0 0 {Width} {Height}\" "
            + $"font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n<title>{Encode(title)}</title>\n"
            + $"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#ffffff\"/>\n<text x=\"{Left}\" y=\"24\">{Encode(title)}</text>\n"
            + $"<clipPath id=\"frame\"><rect x=\"{Left}\" y=\"{Top}\" width=\"{Right - Left}\" height=\"{Bottom - Top}\"/></clipPath>\n");
        for (var i = 0; i <= (int)Math.Round((upper - lower) / DiceStep); i++)
        {
            var dice = lower + (i * DiceStep);
            text.Append($"<path d=\"M{Left} {Y(dice)}H{Right}\" stroke=\"#dddddd\"/>")
                .Append($"<text x=\"{Left - 8}\" y=\"{Y(dice)}\" text-anchor=\"end\" dy=\"4\">{Number(dice, "0.00")}</text>\n");
        }

        var step = passes > 20 ? 10 : passes > 4 ? 2 : passes / 2;
        for (var value = 0.0; value <= passes + 1e-9; value += step)
        {
            text.Append($"<path d=\"M{X(value)} {Bottom}v5\" stroke=\"#000000\"/>")
                .Append($"<text x=\"{X(value)}\" y=\"{Bottom + 20}\" text-anchor=\"middle\">{Number(value, "0.##")}</text>\n");
        }

        text.Append($"<text x=\"{(Left + Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">passes over the slices of ")
            .Append($"{Encode(assistant)}</text>\n");
        for (var i = 0; i < curves.Count; i++)
            Line(curves[i], i);
        return text.Append("</svg>\n").ToString();

        void Line(DiceCurve curve, int i)
        {
            // Members of the same method share its colour.
            var methods = curves.Select(other => other.Method).Distinct().ToList();
            var colour = Colours[methods.IndexOf(curve.Method) % Colours.Length];
            var dashes = curve.Member switch
            {
                RowMember.SSyn => " stroke-dasharray=\"2 3\"",
                RowMember.SReal => " stroke-dasharray=\"7 4\"",
                _ => "",
            };
            var points = curve.Points.Where(point => !double.IsNaN(point.Dice.Mean)).ToList();
            var path = string.Join(' ', points.Select(point => $"{X(point.Passes)},{Y(point.Dice.Mean)}"));
            text.Append($"<g clip-path=\"url(#frame)\" stroke=\"{colour}\"><polyline points=\"{path}\" fill=\"none\" stroke-width=\"2\"{dashes}/>\n");
            foreach (var point in points)
            {
                var tip = $"{curve.Row}: {Number(point.Dice.Mean, "0.000")} after {Number(point.Passes, "0.#")} passes";
                text.Append($"<circle cx=\"{X(point.Passes)}\" cy=\"{Y(point.Dice.Mean)}\" r=\"2.5\" fill=\"{colour}\">")
                    .Append($"<title>{Encode(tip)}</title></circle>\n");
            }

            var y = Top + 10 + (i * 24);
            var last = points.Count > 0 ? $" {Number(points[^1].Dice.Mean, "0.000")}" : "";
            text.Append($"</g><path d=\"M{Right + 15} {y}h28\" stroke=\"{colour}\" stroke-width=\"2\"{dashes}/>")
                .Append($"<text x=\"{Right + 50}\" y=\"{y + 4}\">{Encode(curve.Row)}{last}</text>\n");
        }
    }

    // The start of training would take up most of the plot, so its first quarter does not count for the lower limit.
    private static (double Lower, double Upper, double Passes) Limits(IReadOnlyList<DiceCurve> curves)
    {
        var points = curves.SelectMany(curve => curve.Points).Where(point => !double.IsNaN(point.Dice.Mean)).ToList();
        if (points.Count == 0)
            return (0, 1, 1);
        var passes = points.Max(point => point.Passes);
        var lower = Math.Floor(points.Where(point => point.Passes >= passes / 4).Min(point => point.Dice.Mean) / DiceStep);
        var upper = Math.Max(lower + 1, Math.Ceiling(points.Max(point => point.Dice.Mean) / DiceStep));
        return (lower * DiceStep, upper * DiceStep, passes);
    }

    private static string Pixel(double value) => Number(value, "0.0");

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
