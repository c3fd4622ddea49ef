using System.Globalization;
using System.Text;

namespace MkdSeg.Experiments.Results;

/// <summary>Writes tables as Markdown, CSV and JSON, and their curves as CSV, JSON and SVG.</summary>
internal static class TableFiles
{
    public const string Folder = "tables";

    /// <summary>Returns the name of a table's files, without extension, such as <c>table1-scarce-4ct</c>.</summary>
    public static string NameOf(ResultTable table)
    {
        var volumes = table.TargetVolumes is { } count ? $"-{count}{table.TargetModality}" : "";
        return $"table{table.Number}-{table.Setting}{volumes}".ToLowerInvariant();
    }

    /// <summary>Returns the name of a table's curve files, without extension.</summary>
    public static string CurvesOf(ResultTable table) => NameOf(table) + "-curves";

    /// <summary>Writes the files of each table; returns the Markdown files.</summary>
    public static IReadOnlyList<string> Write(string root, IReadOnlyList<ResultTable> tables)
    {
        var folder = Directory.CreateDirectory(Path.Combine(root, Folder)).FullName;
        var written = new List<string>();
        foreach (var table in tables)
        {
            var path = Path.Combine(folder, NameOf(table));
            AtomicFile.WriteText(path + ".md", TableMarkdown.Format(table));
            AtomicFile.WriteText(path + ".csv", ToCsv(table));
            StrictJson.Save(path + ".json", table);
            written.Add(path + ".md");
            if (table.Curves.Count == 0)
                continue;
            var curves = Path.Combine(folder, CurvesOf(table));
            var title = $"Table {table.Number}: mean Dice of {table.TestVolumes} {table.TargetModality} test volumes ({table.Dataset})";
            AtomicFile.WriteText(curves + ".csv", DiceCurve.ToCsv(table.Curves));
            AtomicFile.WriteText(curves + ".svg", CurvePlot.Draw(title, table.AssistantModality, table.Curves));
            StrictJson.Save(curves + ".json", table.Curves);
        }

        return written;
    }

    /// <summary>Formats one line per row and source, where the source is the data set or the paper.</summary>
    internal static string ToCsv(ResultTable table)
    {
        string[] surfaces = ["surface_dice", "hd95_mm", "assd_mm"];
        var text = new StringBuilder();
        Line([
            "table", "row", "method", "member", "data", "runs", "planned",
            .. table.Structures.Append("mean").SelectMany(WithDeviation), .. WithDeviation("difference"), "pairs",
            .. surfaces.SelectMany(WithDeviation), "missed",
        ]);
        foreach (var row in table.Rows)
        {
            Line([
                .. Start(row, table.Dataset), $"{row.Mean.Count}", $"{row.PlannedRuns}",
                .. row.Structures.Append(row.Mean).SelectMany(Numbers), .. Numbers(row.Difference),
                $"{row.Difference?.Count}",
                .. new[] { row.SurfaceDice, row.Hd95Mm, row.AssdMm }.SelectMany(Numbers), $"{row.Missed}",
            ]);
            if (row.Paper is not { } paper)
                continue;
            var structures = paper.Structures.Count == table.Structures.Count
                ? paper.Structures.Cast<double?>()
                : table.Structures.Select(_ => (double?)null);
            Line([
                .. Start(row, "paper"), "", "",
                .. structures.Append(paper.Mean).SelectMany(value => new[] { Number(value), "" }),
                Number(row.PaperDifference), .. Enumerable.Repeat("", 2 + (2 * surfaces.Length) + 1),
            ]);
        }

        return text.ToString();

        void Line(IReadOnlyList<string> fields) => text.AppendJoin(',', fields).Append('\n');

        string[] Start(ResultRow row, string data) => [$"{table.Number}", $"\"{row.Name}\"", row.Method, $"{row.Member}", data];
    }

    private static string[] WithDeviation(string name) => [name, $"{name}_sd"];

    private static string[] Numbers(Statistic? value) => [Number(value?.Mean), Number(value?.StandardDeviation)];

    private static string Number(double? value) => value is not { } number || double.IsNaN(number) ? ""
        : double.IsPositiveInfinity(number) ? "inf"
        : number.ToString("0.######", CultureInfo.InvariantCulture);
}
