using MkdSeg.Training.Engine;

namespace MkdSeg.Training.Methods;

/// <summary>
/// A way of training segmentors: its networks and what one iteration does to them. A new comparison method is one class
/// that implements this and one line in <see cref="TrainingMethods"/>.
/// </summary>
public interface ITrainingMethod : IDisposable
{
    /// <summary>Every network that is trained, in a fixed order.</summary>
    IReadOnlyList<TrainedNetwork> Networks { get; }

    /// <summary>Updates the networks by one batch and returns the losses.</summary>
    StepLosses Step(TrainingBatch batch, LearningRates rates);
}

/// <summary>The learning rates of one iteration.</summary>
/// <param name="Segmentor">For S.</param>
/// <param name="Adversarial">For G and D.</param>
public readonly record struct LearningRates(double Segmentor, double Adversarial);
