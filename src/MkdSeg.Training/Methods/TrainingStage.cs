namespace MkdSeg.Training.Methods;

/// <summary>
/// A part of a method's training: <see cref="TrainingOptions.Iterations"/> times the same step. Learning rates and
/// optimizers start anew with each stage.
/// </summary>
/// <param name="Name">What progress and metrics.csv call it.</param>
/// <param name="Step">Updates the networks by one batch and returns the losses.</param>
public sealed record TrainingStage(string Name, Func<TrainingBatch, LearningRates, StepLosses> Step);
