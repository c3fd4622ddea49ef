using System.Globalization;
using MkdSeg.Cli.Terminal;
using MkdSeg.Training;

namespace MkdSeg.Cli.Verbs;

/// <summary>Shows how a training goes.</summary>
internal sealed class TrainingDisplay(Steps steps) : ITrainingProgress
{
    public void Say(string message) => steps.Say(message);

    public void Report(TrainingStatus status)
    {
        var stage = status.Stage is null ? "" : $"{status.Stage}, ";
        var losses = string.Join(' ', status.Losses.Select(loss => string.Create(
            CultureInfo.InvariantCulture, $"{loss.Name} {loss.Value:0.00}")));
        steps.Report(
            (int)status.Iteration,
            (int)status.Iterations,
            string.Create(CultureInfo.InvariantCulture, $"{stage}{status.IterationsPerSecond:0.00} it/s, {losses}"));
    }
}
