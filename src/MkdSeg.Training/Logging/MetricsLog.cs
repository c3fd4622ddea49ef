using System.Globalization;
using System.Text;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Logging;

/// <summary>
/// metrics.csv: one row per iteration with its number, stage, seconds since the start, learning rates and every loss. A
/// loss introduced by a later stage becomes an additional column, empty in earlier rows.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private const string FirstColumns = "iteration,stage,seconds,lr_segmentor,lr_adversarial";
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path;
    private readonly List<string> _losses = [];
    private readonly StringBuilder _row = new();
    private readonly TimeSpan _before;
    private StreamWriter _writer;

    public MetricsLog(string path, long iteration = 0)
    {
        _path = path;
        var rows = iteration > 0 && File.Exists(path) ? WholeRows(path) : [];
        if (rows.Count > 0)
        {
            _losses.AddRange(rows[0].Split(',').Skip(FirstColumns.Split(',').Length));
            rows = [rows[0], .. rows.Skip(1).Where(row => IterationOf(row) <= iteration)];
            _before = rows.Count > 1 ? TimeSpan.FromSeconds(Number(rows[^1], 2)) : default;
        }

        _writer = Rewrite(rows);
    }

    public void Write(
        long iteration, string stage, TimeSpan elapsed, LearningRates rates, IReadOnlyList<LossValue> losses)
    {
        if (losses.Any(loss => !_losses.Contains(loss.Name)))
            AddColumns([.. losses.Select(loss => loss.Name).Except(_losses)]);

        _row.Clear().Append(
            CultureInfo.InvariantCulture,
            $"{iteration},{stage},{(_before + elapsed).TotalSeconds:f3},{rates.Segmentor:g6},{rates.Adversarial:g6}");
        foreach (var name in _losses)
        {
            _row.Append(',');
            if (losses.FirstOrDefault(loss => loss.Name == name) is { Name: not null } loss)
                _row.Append(CultureInfo.InvariantCulture, $"{loss.Value:g7}");
        }

        _writer.WriteLine(_row);
    }

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();

    private void AddColumns(IReadOnlyList<string> added)
    {
        _writer.Dispose();
        _losses.AddRange(added);
        var empty = new string(',', added.Count);
        _writer = Rewrite(
        [
            $"{FirstColumns},{string.Join(',', _losses)}",
            .. WholeRows(_path).Skip(1).Select(row => row + empty),
        ]);
    }

    private static double IterationOf(string row) => Number(row, 0);

    private static double Number(string row, int column) =>
        double.Parse(row.Split(',')[column], CultureInfo.InvariantCulture);

    // Training that was killed may have left an incomplete row.
    private static List<string> WholeRows(string path)
    {
        var text = File.ReadAllText(path);
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    // Renamed into place, so that no row is lost if the process is killed.
    private StreamWriter Rewrite(IReadOnlyCollection<string> rows)
    {
        AtomicFile.WriteText(_path, string.Concat(rows.Select(row => row + "\n")));
        return new(_path, append: true, Encoding) { NewLine = "\n" };
    }
}
