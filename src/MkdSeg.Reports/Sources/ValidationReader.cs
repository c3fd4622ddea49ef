using MkdSeg.Reports.Model;

namespace MkdSeg.Reports.Sources;

/// <summary>Reads validation.csv: for each validation and prediction one row of Dice per structure.</summary>
internal static class ValidationReader
{
    private const string Mean = "mean";

    /// <summary>One chart of the predictions' means, and one of the structures for each prediction.</summary>
    public static IReadOnlyList<CurveGroup> Read(CsvTable table)
    {
        string[] structures = [.. table.Columns.Except(["iteration", "prediction", Mean], StringComparer.OrdinalIgnoreCase)];
        var predictions = table.Rows.GroupBy(row => ScoreTableReader.DisplayName(table.Field(row, "prediction")))
            .Select(rows => (
                rows.Key,
                Rows: rows.Where(row => double.IsFinite(Iteration(row))).OrderBy(Iteration).ToList()))
            .Where(item => item.Rows.Count > 0)
            .ToList();
        if (predictions.Count == 0)
            return [];
        long[] iterations = [.. predictions.SelectMany(item => item.Rows).Select(row => (long)Iteration(row)).Distinct().Order()];
        var means = predictions.Select(item => new Curve(
            item.Key,
            [
                .. iterations.Select(iteration => item.Rows.FirstOrDefault(row => (long)Iteration(row) == iteration) is { } row
                    ? Value(row, Mean)
                    : double.NaN),
            ]));
        return
        [
            new("Validation: mean Dice", "Dice", false, iterations, [.. means]),
            .. predictions.Select(item => new CurveGroup(
                $"Validation: Dice of {item.Key}",
                "Dice",
                false,
                [.. item.Rows.Select(row => (long)Iteration(row))],
                [.. structures.Select(name => new Curve(name, [.. item.Rows.Select(row => Value(row, name))]))])),
        ];

        double Iteration(IReadOnlyList<string> row) => Value(row, "iteration");

        double Value(IReadOnlyList<string> row, string column) => CsvTable.Number(table.Field(row, column));
    }
}
