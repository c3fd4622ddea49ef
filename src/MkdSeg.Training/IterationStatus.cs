using MkdSeg.Training.Methods;

namespace MkdSeg.Training;

/// <summary>One iteration of a training.</summary>
/// <param name="Stage">The name of the method's stage; null where it has a single one.</param>
/// <param name="Iteration">Iterations done, over all stages.</param>
/// <param name="Iterations">Iterations to do in all stages.</param>
/// <param name="Rates">Its learning rates.</param>
/// <param name="Losses">Its losses.</param>
public sealed record IterationStatus(
    string? Stage, long Iteration, long Iterations, LearningRates Rates, IReadOnlyList<LossValue> Losses);
