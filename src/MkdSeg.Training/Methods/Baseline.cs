using MkdSeg.Bundles;
using MkdSeg.Training.Engine;
using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>The baseline of Tables 1 to 4: one segmentor S, trained on the target modality alone by L_sup.</summary>
public sealed class Baseline : ITrainingMethod
{
    /// <summary>The method with a fresh network.</summary>
    public Baseline(NetworkFactory networks)
    {
        ArgumentNullException.ThrowIfNull(networks);
        S = networks.Segmentor(NetworkRoles.SReal);
    }

    /// <summary>S.</summary>
    public TrainedNetwork S { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => [S];

    /// <inheritdoc/>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var losses = new StepLosses();
        var sup = SupervisedLoss.Compute(batch.Y_t, Prediction.FromLogits(S.Forward(batch.X_t)));
        S.Update(sup, rates.Segmentor);
        losses.Add(S.Role, "L_sup", sup);
        return losses;
    }

    /// <inheritdoc/>
    public void Dispose() => S.Dispose();
}
