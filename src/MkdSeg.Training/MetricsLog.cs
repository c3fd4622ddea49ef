using System.Globalization;
using System.Text;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>
/// metrics.csv: one row per iteration with its number, stage, seconds since the start, learning rates and every loss. A
/// loss that a later stage brings becomes a further column, empty in the rows before.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private const string FirstColumns = "iteration,stage,seconds,lr_segmentor,lr_adversarial";
    private static readonly UTF8Encoding Encoding = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path;
    private readonly List<string> _losses = [];
    private readonly StringBuilder _row = new();
    private StreamWriter _writer;

    public MetricsLog(string path)
    {
        _path = path;
        _writer = Open();
    }

    public void Write(
        long iteration, string stage, TimeSpan elapsed, LearningRates rates, IReadOnlyList<LossValue> losses)
    {
        if (losses.Any(loss => !_losses.Contains(loss.Name)))
        {
            AddColumns([.. losses.Select(loss => loss.Name).Except(_losses)]);
        }

        _row.Clear().Append(
            CultureInfo.InvariantCulture,
            $"{iteration},{stage},{elapsed.TotalSeconds:f3},{rates.Segmentor:g6},{rates.Adversarial:g6}");
        foreach (var name in _losses)
        {
            _row.Append(',');
            if (losses.FirstOrDefault(loss => loss.Name == name) is { Name: not null } loss)
            {
                _row.Append(CultureInfo.InvariantCulture, $"{loss.Value:g7}");
            }
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
        string[] rows = [.. File.ReadLines(_path).Skip(1).Select(row => row + empty)];
        _writer = Open();
        _writer.WriteLine($"{FirstColumns},{string.Join(',', _losses)}");
        foreach (var row in rows)
        {
            _writer.WriteLine(row);
        }
    }

    private StreamWriter Open() => new(_path, append: false, Encoding) { NewLine = "\n" };
}
