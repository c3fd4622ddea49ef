using System.Globalization;
using System.Text;

namespace MkdSeg.Experiments.Results;

/// <summary>A table as CSV: one line per row and source, where the source is the data set or the paper.</summary>
public static class TableCsv
{
    /// <summary>The text, ending in a line feed.</summary>
    public static string Format(ResultTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        var text = new StringBuilder("table,row,method,member,data,runs,planned");
        foreach (var name in table.Structures.Append("mean"))
            text.Append(CultureInfo.InvariantCulture, $",{name},{name}_sd");
        text.Append(",difference,difference_sd,pairs,surface_dice,surface_dice_sd,hd95_mm,hd95_mm_sd,assd_mm,assd_mm_sd")
            .Append(",missed\n");
        foreach (var row in table.Rows)
        {
            AppendStart(text, table, row, table.Dataset)
                .Append(CultureInfo.InvariantCulture, $",{row.Mean.Count},{row.PlannedRuns}");
            foreach (var value in row.Structures.Append(row.Mean))
                text.Append(CultureInfo.InvariantCulture, $",{Number(value.Mean)},{Number(value.StandardDeviation)}");
            text.Append(
                CultureInfo.InvariantCulture,
                $",{Number(row.Difference?.Mean)},{Number(row.Difference?.StandardDeviation)},{row.Difference?.Count}");
            foreach (var value in (Statistic[])[row.SurfaceDice, row.Hd95Mm, row.AssdMm])
                text.Append(CultureInfo.InvariantCulture, $",{Number(value.Mean)},{Number(value.StandardDeviation)}");
            text.Append(CultureInfo.InvariantCulture, $",{row.Missed}\n");
            if (row.Paper is not { } paper)
                continue;
            AppendStart(text, table, row, "paper").Append(",,");
            var structures = paper.Structures.Count == table.Structures.Count
                ? paper.Structures.Cast<double?>()
                : table.Structures.Select(_ => (double?)null);
            foreach (var value in structures.Append(paper.Mean))
                text.Append(CultureInfo.InvariantCulture, $",{Number(value)},");
            text.Append(CultureInfo.InvariantCulture, $",{Number(row.PaperDifference)},,,,,,,,,\n");
        }

        return text.ToString();
    }

    private static StringBuilder AppendStart(StringBuilder text, ResultTable table, ResultRow row, string data) =>
        text.Append(CultureInfo.InvariantCulture, $"{table.Number},\"{row.Name}\",{row.Method},{row.Member},{data}");

    private static string Number(double? value) => value is null || double.IsNaN(value.Value)
        ? ""
        : double.IsPositiveInfinity(value.Value) ? "inf"
        : value.Value.ToString("0.######", CultureInfo.InvariantCulture);
}
