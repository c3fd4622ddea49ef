namespace MkdSeg.Reports.Reading;

/// <summary>Reads the scores that <c>mkdseg evaluate --out scores.csv</c> and experiments write.</summary>
internal static class ScoreReader
{
    public static IReadOnlyList<PredictionScores> Read(string path, LabelSet labels)
    {
        var table = CsvTable.Load(path);
        string[] needed = ["prediction", "case", "structure", "dice"];
        if (needed.FirstOrDefault(column => table.Find(column) < 0) is { } missing)
        {
            throw new UserErrorException(
                $"{path} has no column '{missing}'; write the file with mkdseg evaluate --out scores.csv.");
        }

        string[] names = [.. labels.Structures.Select(structure => structure.Name)];
        return
        [
            .. table.Rows.GroupBy(row => table.Field(row, "prediction")).Select(prediction => new PredictionScores(
                DisplayName(prediction.Key),
                [
                    .. prediction.GroupBy(row => table.Field(row, "case"))
                        .Select(rows => new SegmentationScores(rows.Key, Dice(rows))),
                ])),
        ];

        double[] Dice(IEnumerable<IReadOnlyList<string>> rows)
        {
            var dice = new double[names.Length];
            Array.Fill(dice, double.NaN);
            foreach (var row in rows)
            {
                var index = Array.IndexOf(names, table.Field(row, "structure"));
                dice[index >= 0 ? index : throw new UserErrorException(
                    $"{path} has scores of the structure '{table.Field(row, "structure")}'; the model's structures are "
                    + $"{string.Join(", ", names)}.")] = table.Number(row, "dice");
            }

            return dice;
        }
    }

    /// <summary>Returns "Ensemble" for "ensemble", and other names unchanged.</summary>
    public static string DisplayName(string prediction) =>
        prediction.Equals("ensemble", StringComparison.OrdinalIgnoreCase) ? "Ensemble" : prediction;
}
