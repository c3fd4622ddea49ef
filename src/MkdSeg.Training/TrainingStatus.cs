using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>Where a training stands.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Iterations">Iterations to do in all.</param>
/// <param name="Losses">Losses, averaged since the last report.</param>
/// <param name="IterationsPerSecond">Speed since the last report.</param>
/// <param name="TimeLeft">At that speed.</param>
public sealed record TrainingStatus(
    long Iteration,
    long Iterations,
    IReadOnlyList<LossValue> Losses,
    double IterationsPerSecond,
    TimeSpan TimeLeft);
