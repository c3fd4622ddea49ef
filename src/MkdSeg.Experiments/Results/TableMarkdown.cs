using System.Globalization;
using System.Text;

namespace MkdSeg.Experiments.Results;

/// <summary>Formats a table as Markdown, with the paper's numbers below each row.</summary>
internal static class TableMarkdown
{
    private const string None = "–";
    private const string SignedFormat = "+0.000;−0.000;0.000";

    public static string Format(ResultTable table)
    {
        var text = new StringBuilder(
            $"## Table {table.Number}: {table.Title} ({table.TargetModality} as target)\n\n{Caption(table)}\n\n");
        if (table.Number == 2)
            text.Append(MembersSideBySide(table)).Append('\n');
        text.Append(
            $"| method | data | {string.Join(" | ", table.Structures)} | mean | {DifferenceTitle(table)} | runs |\n");
        text.Append($"|---|---|{string.Concat(Enumerable.Repeat("---:|", table.Structures.Count + 3))}\n");
        foreach (var row in table.Rows)
        {
            var values = row.Structures.Append(row.Mean).Select(Cell);
            text.Append(
                $"| {row.Name} | {table.Dataset} | {string.Join(" | ", values)} | {Signed(row.Difference)} | "
                + $"{row.Mean.Count} of {row.PlannedRuns} |\n");
            if (row.Paper is not { } paper)
                continue;
            var structures = paper.Structures.Count == table.Structures.Count
                ? paper.Structures.Select(Paper)
                : table.Structures.Select(_ => None);
            text.Append(
                $"| | *paper* | {string.Join(" | ", structures.Append(Paper(paper.Mean)))} | "
                + $"{(row.PaperDifference is { } difference ? $"*{Signed(difference)}*" : None)} | |\n");
        }

        text.Append('\n').Append(Surfaces(table));
        if (table.Curves.Count > 0)
            text.Append(Curves(table));
        if (table.MissingRuns.Count > 0)
            text.Append($"\n{table.MissingRuns.Count} runs are missing:\n\n- {string.Join("\n- ", table.MissingRuns)}\n");
        return text.ToString();
    }

    /// <summary>Returns what a reader needs to know to interpret the numbers.</summary>
    internal static string Caption(ResultTable table)
    {
        var training = table.TargetVolumes is { } count
            ? $"trained on {count} {table.TargetModality} volumes drawn by the seed, the same for every method"
            : $"two-fold cross-validation over the {table.TargetModality} volumes";
        var schedule = table.AssistantSlices is { } slices ? new LongSchedule(slices) : null;
        var length = PlannedTable.LengthOf(table.Iterations, schedule, table.AssistantModality);
        var versions = table.ToolVersions.Count > 0 ? $" {string.Join("; ", table.ToolVersions)}." : "";
        return $"Dice on the data set **{table.Dataset}**: {training}, assisted by {table.AssistantModality}; each run "
            + $"tested on {table.TestVolumes} {table.TargetModality} volumes, {CropText(table)}; {length}. "
            + $"Each structure is averaged over the test cases, then given as mean ± standard deviation over the runs (seeds "
            + $"and folds); differences are over pairs of runs with the same volumes. Rows marked *paper* are the published "
            + $"numbers for MM-WHS 2017 (two folds of 10 {table.TargetModality}, 20 {table.AssistantModality}): other data, so "
            + $"the levels are not comparable. {table.FinishedRuns} runs, {table.Hours:0.0} h of computing.{versions}\n\n"
            + $"    {table.Command}";
    }

    private static string Curves(ResultTable table) =>
        $"\nMean Dice of the test volumes during training, averaged over the runs: scored on the networks' grid, cropped "
        + $"around the annotation, {LongSchedule.Points} times per stage. The curves select nothing; the table shows the last "
        + $"models.\n\n![Mean Dice of the test volumes over passes, one line per row]({TableFiles.CurvesOf(table)}.svg)\n";

    private static string CropText(ResultTable table) => table.Crop switch
    {
        Preprocessing.CropRule.Label => "cropped around the annotation as in the paper",
        Preprocessing.CropRule.Located => "cropped where the model finds the heart",
        _ => $"crop: {table.Crop.ToString().ToLowerInvariant()}",
    };

    private static string DifferenceTitle(ResultTable table) => table.Number switch
    {
        2 => "Δ vs full",
        3 => "Δ vs least",
        _ => "Δ vs baseline",
    };

    // In the layout of the paper's Table 2: one line per method, one column per segmentor.
    private static string MembersSideBySide(ResultTable table)
    {
        RowMember[] members = [RowMember.SSyn, RowMember.SReal, RowMember.Ensemble];
        var text = new StringBuilder("| mean Dice | data | S_syn | S_real | ensemble |\n|---|---|---:|---:|---:|\n");
        foreach (var method in table.Rows.GroupBy(row => row.Method))
        {
            var rows = members.Select(member => method.FirstOrDefault(row => row.Member == member)).ToList();
            var means = rows.Select(row => row is null ? None : Cell(row.Mean));
            var paper = rows.Select(row => row?.Paper is { } numbers ? Paper(numbers.Mean) : None);
            text.Append($"| {method.First().Name.Split(',')[0]} | {table.Dataset} | {string.Join(" | ", means)} |\n");
            text.Append($"| | *paper* | {string.Join(" | ", paper)} |\n");
        }

        return text.ToString();
    }

    private static string Surfaces(ResultTable table)
    {
        var text = new StringBuilder(
            $"Surface metrics on {table.Dataset}, means over structures, cases and runs; a distance is ∞ if a structure is "
            + $"missed entirely in one case, and such cases are counted.\n\n"
            + $"| method | surface Dice at {table.SurfaceToleranceMm} mm | HD95 mm | ASSD mm | missed |\n"
            + $"|---|---:|---:|---:|---:|\n");
        foreach (var row in table.Rows)
        {
            text.Append($"| {row.Name} | {Cell(row.SurfaceDice)} | {Distance(row.Hd95Mm)} | {Distance(row.AssdMm)} | ")
                .Append($"{row.Missed} |\n");
        }

        return text.ToString();
    }

    private static string Distance(Statistic value) =>
        value.Count == 0 ? None : double.IsInfinity(value.Mean) ? "∞" : Text(value, "0.0");

    private static string Cell(Statistic value) => value.Count == 0 ? None : Fixed(Text(value, "0.000"));

    private static string Signed(Statistic? value) =>
        value is null ? None : $"{Fixed(Text(value, SignedFormat))} ({value.Count})";

    private static string Text(Statistic value, string format)
    {
        var mean = value.Mean.ToString(format, CultureInfo.InvariantCulture);
        return value.StandardDeviation is { } deviation
            ? $"{mean} ± {deviation.ToString(format == SignedFormat ? "0.000" : format, CultureInfo.InvariantCulture)}"
            : mean;
    }

    private static string Signed(double value) => Fixed(value.ToString(SignedFormat, CultureInfo.InvariantCulture));

    private static string Paper(double value) => $"*{Fixed(value.ToString("0.0000", CultureInfo.InvariantCulture))}*";

    // Without the leading zero, as is usual for Dice.
    private static string Fixed(string number) => number.Replace("0.", ".", StringComparison.Ordinal);
}
