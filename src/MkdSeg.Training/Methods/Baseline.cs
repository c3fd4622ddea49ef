using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>The baseline of Tables 1 to 4: one segmentor S, trained on the target modality alone by L_sup.</summary>
[TrainingMethod(
    "baseline", "One S on the target modality alone.", "Valindria et al., WACV 2018 (the network)", UsesAssistant = false)]
internal sealed class Baseline(NetworkFactory networks) : ITrainingMethod
{
    public TrainedNetwork S { get; } = networks.Segmentor(NetworkRoles.SReal);
    public IReadOnlyList<TrainedNetwork> Networks => [S];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var sup = SupervisedLoss.Compute(batch.Y_t, S.Predict(batch.X_t));
        S.Update(sup, rates.Segmentor);
        return new(S.Role, ("L_sup", sup));
    }
}
