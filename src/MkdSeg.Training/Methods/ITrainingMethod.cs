using MkdSeg.Training.Torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// A way of training segmentors: its networks and what one iteration does to them. A new method is one file with a class
/// that implements this and bears a <see cref="TrainingMethodAttribute"/>.
/// </summary>
public interface ITrainingMethod : IDisposable
{
    /// <summary>Every network that is trained, in a fixed order.</summary>
    IReadOnlyList<TrainedNetwork> Networks { get; }

    /// <summary>
    /// What is done one after the other: <see cref="Step"/> alone, where a method does not say otherwise. Every stage has
    /// <see cref="TrainingOptions.Iterations"/> iterations, so that the last one gives the final segmentor as many updates
    /// as a method of a single stage does.
    /// </summary>
    IReadOnlyList<TrainingStage> Stages => [new("train", Step)];

    /// <summary>Updates the networks by one batch and returns the losses: the step of the last stage.</summary>
    StepLosses Step(TrainingBatch batch, LearningRates rates);

    /// <summary>Frees the networks.</summary>
    void IDisposable.Dispose()
    {
        foreach (var network in Networks)
        {
            network.Dispose();
        }

        GC.SuppressFinalize(this);
    }
}

/// <summary>The learning rates of one iteration.</summary>
/// <param name="Segmentor">For S.</param>
/// <param name="Adversarial">For G and D.</param>
public readonly record struct LearningRates(double Segmentor, double Adversarial);
