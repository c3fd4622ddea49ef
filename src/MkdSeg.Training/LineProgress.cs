using System.Globalization;

namespace MkdSeg.Training;

/// <summary>Progress as plain lines of text: for logs and pipes.</summary>
/// <param name="writer">Where the lines go.</param>
public sealed class LineProgress(TextWriter writer) : ITrainingProgress
{
    /// <inheritdoc/>
    public void Say(string message) => writer.WriteLine(message);

    /// <inheritdoc/>
    public void Report(TrainingStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        var losses = string.Join(
            "  ",
            status.Losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Name} {loss.Value:f3}")));
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{status.Iteration,6}/{status.Iterations}  {status.IterationsPerSecond:f2} it/s  "
            + $"{Format(status.TimeLeft)} left  {losses}"));
        writer.Flush();
    }

    private static string Format(TimeSpan time) =>
        time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes} min")
            : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s");
}
