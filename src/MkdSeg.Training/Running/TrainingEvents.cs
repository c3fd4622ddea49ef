using System.Globalization;
using MkdSeg.Common;
using MkdSeg.Training.Methods;

namespace MkdSeg.Training.Running;

/// <summary>
/// How far a training is; comes about every ten seconds. Iterations count over all stages, the losses are means since the
/// last report, and the stage is null where the method has a single one.
/// </summary>
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

/// <summary>One iteration is done. Comes after each of them, so what an observer does has to be quick.</summary>
internal sealed record TrainingIteration(
    string? Stage, long Iteration, long Iterations, LearningRates Rates, IReadOnlyList<LossValue> Losses) : WorkEvent;

/// <summary>
/// Up to this one of all iterations nothing can be lost: a checkpoint was written, or the training goes on from one.
/// </summary>
internal sealed record CheckpointSaved(long Iteration, long Iterations) : WorkEvent;

/// <summary>A validation is done: the scores of each segmentor and, last, of all together, and the best so far.</summary>
internal sealed record ValidationDone(
    long Iteration,
    IReadOnlyList<string> Structures,
    IReadOnlyList<ValidationScore> Scores,
    long BestIteration,
    double BestMeanDice) : WorkEvent;
