using System.Globalization;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Running;

/// <summary>Reported about every ten seconds; iterations count over all stages, losses are means since the last report.</summary>
internal sealed record TrainingProgress(
    string? Stage,
    long Iteration,
    long Iterations,
    IReadOnlyList<LossValue> Losses,
    double IterationsPerSecond)
    : WorkProgress(
        Iteration,
        Iterations,
        Describe(Stage, Losses, IterationsPerSecond),
        TimeSpan.FromSeconds((Iterations - Iteration) / IterationsPerSecond))
{
    private static string Describe(string? stage, IReadOnlyList<LossValue> losses, double iterationsPerSecond)
    {
        var values = losses.Select(loss => string.Create(CultureInfo.InvariantCulture, $"{loss.Name} {loss.Value:0.00}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(stage is null ? "" : $"{stage}, ")}{iterationsPerSecond:0.00} it/s, {string.Join(' ', values)}");
    }
}

/// <summary>Reported after every iteration, so observers must be quick.</summary>
internal sealed record TrainingIteration(
    string? Stage, long Iteration, long Iterations, LearningRates Rates, IReadOnlyList<LossValue> Losses) : WorkEvent;

/// <summary>A checkpoint was written, or training resumes from one: nothing before it can be lost.</summary>
internal sealed record CheckpointSaved(long Iteration, long Iterations) : WorkEvent;

/// <summary>A validation is complete: the scores of each segmentor and, last, of all together, and the best so far.</summary>
internal sealed record ValidationDone(
    long Iteration,
    IReadOnlyList<string> Structures,
    IReadOnlyList<ValidationScore> Scores,
    long BestIteration,
    double BestMeanDice) : WorkEvent;
