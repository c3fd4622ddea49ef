using System.Globalization;
using System.Text;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>
/// metrics.csv: one row per iteration with its number, seconds since the start, learning rates and every loss.
/// </summary>
internal sealed class MetricsLog : IDisposable
{
    private readonly StreamWriter _writer;
    private readonly StringBuilder _row = new();
    private bool _hasHeader;

    public MetricsLog(string path) => _writer = new(path, append: false, new UTF8Encoding(false)) { NewLine = "\n" };

    public void Write(long iteration, TimeSpan elapsed, LearningRates rates, IReadOnlyList<LossValue> losses)
    {
        if (!_hasHeader)
        {
            _writer.WriteLine(
                "iteration,seconds,lr_segmentor,lr_adversarial," + string.Join(',', losses.Select(loss => loss.Name)));
            _hasHeader = true;
        }

        _row.Clear().Append(
            CultureInfo.InvariantCulture,
            $"{iteration},{elapsed.TotalSeconds:f3},{rates.Segmentor:g6},{rates.Adversarial:g6}");
        foreach (var loss in losses)
        {
            _row.Append(CultureInfo.InvariantCulture, $",{loss.Value:g7}");
        }

        _writer.WriteLine(_row);
    }

    public void Flush() => _writer.Flush();

    public void Dispose() => _writer.Dispose();
}
