using System.Globalization;
using MkdSeg.Training.Running;

namespace MkdSeg.Training.Logging;

/// <summary>validation.csv in the run folder: one row of Dice per structure for each validation and prediction.</summary>
internal sealed class ValidationLog
{
    public const string FileName = "validation.csv";
    private readonly string _path;
    private readonly List<string> _rows;

    public ValidationLog(string path, IEnumerable<string> structures, long iteration)
    {
        _path = path;
        var header = string.Join(',', ["iteration", "prediction", .. structures.Select(CsvField.Quote), "mean"]);
        var before = iteration > 0 && File.Exists(path) ? File.ReadAllLines(path).Skip(1) : [];
        _rows = [header, .. before.Where(row => IterationOf(row) <= iteration)];
    }

    public void Write(long iteration, IEnumerable<ValidationScore> scores)
    {
        _rows.RemoveAll(row => row != _rows[0] && IterationOf(row) == iteration);
        foreach (var score in scores)
        {
            var values = score.Dice.Append(score.Mean)
                .Select(value => double.IsNaN(value) ? "" : value.ToString("0.0000", CultureInfo.InvariantCulture));
            _rows.Add(string.Join(',', [$"{iteration}", score.Prediction, .. values]));
        }

        AtomicFile.WriteText(_path, string.Join('\n', _rows) + "\n");
    }

    private static long IterationOf(string row) => long.Parse(row.Split(',')[0], CultureInfo.InvariantCulture);
}
