namespace MkdSeg.Reports.Reading;

/// <summary>Reads metrics.csv, locator.csv and validation.csv of a training run.</summary>
internal static class CurveReader
{
    private const int MostPoints = 250;
    private const string Mean = "mean";
    private static readonly string[] NoCurves = ["iteration", "stage", "seconds"];

    /// <summary>Returns the losses averaged over spans, to keep pages small; null if the table has no rows yet.</summary>
    public static CurveTable? Losses(CsvTable table)
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
        var curves = table.Columns.Except(NoCurves, StringComparer.OrdinalIgnoreCase)
            .Select(name => new Curve(
                name,
                [
                    .. starts.Select(start => ScoreTable.MeanOfNumbers(
                        rows.Skip(start).Take(span).Select(row => table.Number(row, name)))),
                ]))
            .Where(curve => curve.Values.Any(double.IsFinite));
        var seconds = table.Number(rows[^1], "seconds");
        return new(
            span,
            [.. starts.Select(start => numbers[Math.Min(start + span, rows.Count) - 1])],
            stages,
            [.. curves],
            numbers[^1],
            double.IsNaN(seconds) ? null : seconds);
    }

    /// <summary>Returns one chart of the predictions' mean Dice, and one of the structures for each prediction.</summary>
    public static IReadOnlyList<CurveGroup> Validation(CsvTable table, string what = "Validation")
    {
        string[] structures = [.. table.Columns.Except(["iteration", "prediction", Mean], StringComparer.OrdinalIgnoreCase)];
        var predictions = table.Rows.Where(row => double.IsFinite(table.Number(row, "iteration")))
            .OrderBy(Iteration)
            .GroupBy(row => ScoreReader.DisplayName(table.Field(row, "prediction")))
            .ToList();
        if (predictions.Count == 0)
            return [];
        long[] iterations = [.. predictions.SelectMany(rows => rows).Select(Iteration).Distinct().Order()];
        var means = predictions.Select(rows =>
        {
            var byIteration = rows.ToLookup(Iteration);
            return new Curve(
                rows.Key,
                [
                    .. iterations.Select(iteration =>
                        byIteration[iteration].Select(row => table.Number(row, Mean)).FirstOrDefault(double.NaN)),
                ]);
        });
        return
        [
            new($"{what}: mean Dice", "Dice", false, iterations, [.. means]),
            .. predictions.Select(rows => new CurveGroup(
                $"{what}: Dice of {rows.Key}",
                "Dice",
                false,
                [.. rows.Select(Iteration)],
                [.. structures.Select(name => new Curve(name, [.. rows.Select(row => table.Number(row, name))]))])),
        ];

        long Iteration(IReadOnlyList<string> row) => (long)table.Number(row, "iteration");
    }

    // Counted over all stages, whether or not the file starts again with each.
    private static long[] Count(CsvTable table)
    {
        var numbers = new long[table.Rows.Count];
        long offset = 0, before = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = table.Number(table.Rows[i], "iteration");
            var iteration = double.IsNaN(number) ? i + 1 : (long)number;
            if (iteration <= before)
                offset += before;
            before = iteration;
            numbers[i] = offset + iteration;
        }

        return numbers;
    }
}
