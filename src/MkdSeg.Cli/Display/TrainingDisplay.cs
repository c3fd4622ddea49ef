using System.Globalization;
using MkdSeg.Training;
using MkdSeg.Training.Validation;

namespace MkdSeg.Cli.Display;

/// <summary>Shows how a training goes in lines of text.</summary>
internal sealed class TrainingDisplay(ProgressDisplay steps) : ITrainingProgress
{
    private string _dice = "";

    public void Say(string message) => steps.Say(message);

    public void Report(TrainingStatus status)
    {
        var stage = status.Stage is null ? "" : $"{status.Stage}, ";
        var losses = string.Join(' ', status.Losses.Select(loss => string.Create(
            CultureInfo.InvariantCulture, $"{loss.Name} {loss.Value:0.00}")));
        steps.Report(
            (int)status.Iteration,
            (int)status.Iterations,
            string.Create(
                CultureInfo.InvariantCulture, $"{stage}{_dice}{status.IterationsPerSecond:0.00} it/s, {losses}"),
            status.TimeLeft);
    }

    public void Validated(
        long iteration, IReadOnlyList<string> structures, IReadOnlyList<ValidationScore> scores, BestModel best)
    {
        foreach (var score in scores)
        {
            var dice = string.Join(' ', structures.Zip(score.Dice, (name, value) => string.Create(
                CultureInfo.InvariantCulture, $"{name} {value:0.000}")));
            steps.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"Validation after iteration {iteration}: {score.Prediction} {score.Mean:0.000} ({dice})"));
        }

        _dice = string.Create(CultureInfo.InvariantCulture, $"Dice {scores[^1].Mean:0.000}, ");
    }
}
