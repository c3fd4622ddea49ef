using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// A way of training segmentors: its networks and what one iteration does to them. A new method is one file with a class
/// that implements this interface, has a <see cref="TrainingMethodAttribute"/> and a constructor with a
/// <see cref="NetworkFactory"/> parameter.
/// </summary>
internal interface ITrainingMethod : IDisposable
{
    IReadOnlyList<TrainedNetwork> Networks { get; }

    /// <summary>
    /// The stages in order; by default only <see cref="Step"/>. Every stage has
    /// <see cref="Running.TrainingOptions.Iterations"/> iterations, so that the last one gives the final segmentor as many
    /// updates as a single-stage method does. Learning rates and optimizers restart with each stage.
    /// </summary>
    IReadOnlyList<TrainingStage> Stages => [new(TrainingStage.Only, Step)];

    /// <summary>Updates the networks with one batch and returns the losses: the step of the last stage.</summary>
    StepLosses Step(TrainingBatch batch, LearningRates rates);

    void IDisposable.Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();

        GC.SuppressFinalize(this);
    }
}

/// <summary>A part of a method's training that repeats one step. Progress and metrics.csv show its name.</summary>
internal sealed record TrainingStage(string Name, Func<TrainingBatch, LearningRates, StepLosses> Step)
{
    /// <summary>The name of a method's only stage; progress omits it.</summary>
    public const string Only = "train";
}

/// <summary>
/// One iteration's samples: target images x^t and assistant images x^a, both (N, C, H, W) in [-1, 1], with their one-hot
/// annotations y^t and y^a, (N, K, H, W). The two halves are unpaired; methods that need no assistant get none.
/// </summary>
internal sealed record TrainingBatch(Tensor X_t, Tensor Y_t, Tensor? X_a, Tensor? Y_a)
{
    public (Tensor X_t, Tensor Y_t, Tensor X_a, Tensor Y_a) BothModalities() => X_a is null || Y_a is null
        ? throw new InvalidOperationException("The method needs samples of the assistant modality, but there are none.")
        : (X_t, Y_t, X_a, Y_a);
}

/// <summary>The learning rates of one iteration: one for S, and one for G and D.</summary>
internal readonly record struct LearningRates(double Segmentor, double Adversarial);
