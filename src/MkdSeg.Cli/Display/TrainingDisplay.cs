using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Display;

/// <summary>Shows how a training goes in lines of text.</summary>
internal sealed class TrainingDisplay(ProgressDisplay display) : IProgress<WorkEvent>
{
    private string _dice = "";

    public void Report(WorkEvent value)
    {
        switch (value)
        {
            case WorkInfo info:
                display.Say(info.Message);
                break;
            case WorkProgress progress:
                display.Report((int)progress.Done, (int)progress.Total, _dice + progress.Detail, progress.TimeLeft);
                break;
            case ValidationDone validation:
                Show(validation);
                break;
        }
    }

    private void Show(ValidationDone validation)
    {
        foreach (var score in validation.Scores)
        {
            var dice = string.Join(' ', validation.Structures.Zip(score.Dice, (name, value) => string.Create(
                CultureInfo.InvariantCulture, $"{name} {value:0.000}")));
            display.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"Validation after iteration {validation.Iteration}: {score.Prediction} {score.Mean:0.000} ({dice})"));
        }

        _dice = string.Create(CultureInfo.InvariantCulture, $"Dice {validation.Scores[^1].Mean:0.000}, ");
    }
}
