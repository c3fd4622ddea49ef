using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Stage">The name of the method's stage; null where it has a single one.</param>
/// <param name="Iteration">Iterations done, over all stages.</param>
/// <param name="Iterations">Iterations to do in all stages.</param>
/// <param name="Losses">Losses, averaged since the last report.</param>
/// <param name="IterationsPerSecond">Speed since the last report.</param>
/// <param name="TimeLeft">At that speed.</param>
public sealed record TrainingStatus(
    string? Stage,
    long Iteration,
    long Iterations,
    IReadOnlyList<LossValue> Losses,
    double IterationsPerSecond,
    TimeSpan TimeLeft);
