using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>The baseline of Tables 1 to 4: one segmentor S, trained on the target modality alone by L_sup.</summary>
[TrainingMethod(
    "baseline", "One S on the target modality alone.", "Valindria et al., WACV 2018 (the network)", UsesAssistant = false)]
public sealed class Baseline : ITrainingMethod
{
    /// <summary>The method with a fresh network.</summary>
    public Baseline(NetworkFactory networks, TrainingOptions options)
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
        var sup = SupervisedLoss.Compute(batch.Y_t, S.Predict(batch.X_t));
        S.Update(sup, rates.Segmentor);
        losses.Add(S.Role, "L_sup", sup);
        return losses;
    }
}
