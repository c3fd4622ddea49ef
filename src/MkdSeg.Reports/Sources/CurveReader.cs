using MkdSeg.Reports.Model;

namespace MkdSeg.Reports.Sources;

/// <summary>Reads metrics.csv and averages it over spans of iterations, so that a long training stays a small page.</summary>
internal static class CurveReader
{
    private const int MostPoints = 250;
    private static readonly string[] NoCurves = ["iteration", "stage", "seconds"];

    /// <summary>The curves; null where the table has no row yet.</summary>
    public static CurveTable? Read(CsvTable table)
    {
        var rows = table.Rows;
        if (rows.Count == 0)
            return null;
        var span = (rows.Count + MostPoints - 1) / MostPoints;
        var numbers = Count(table);
        var stages = new List<(string Name, long First)>();
        for (var i = 0; i < rows.Count; i++)
        {
            var stage = table.Field(rows[i], "stage");
            if (stages.Count == 0 || stages[^1].Name != stage)
                stages.Add((stage, numbers[i]));
        }

        int[] starts = [.. Enumerable.Range(0, (rows.Count + span - 1) / span).Select(point => point * span)];
        var curves = new List<Curve>();
        foreach (var name in table.Columns.Where(name => !NoCurves.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            double[] values =
            [
                .. starts.Select(start => PredictionScores.Mean(
                    rows.Skip(start).Take(span).Select(row => CsvTable.Number(table.Field(row, name))))),
            ];
            if (values.Any(double.IsFinite))
                curves.Add(new(name, values));
        }

        var seconds = CsvTable.Number(table.Field(rows[^1], "seconds"));
        return new(
            span,
            [.. starts.Select(start => numbers[Math.Min(start + span, rows.Count) - 1])],
            stages,
            curves,
            numbers[^1],
            double.IsNaN(seconds) ? null : seconds);
    }

    // Counted over all stages, whether the file does so or begins anew with each.
    private static long[] Count(CsvTable table)
    {
        var numbers = new long[table.Rows.Count];
        long offset = 0, before = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = CsvTable.Number(table.Field(table.Rows[i], "iteration"));
            var iteration = double.IsNaN(number) ? i + 1 : (long)number;
            if (iteration <= before)
                offset += before;
            before = iteration;
            numbers[i] = offset + iteration;
        }

        return numbers;
    }
}
