using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// The X-shaped network of Valindria et al. 2018: each modality has its own first encoder layers and last decoder layers, and
/// the middle is shared. Which layers count as first and last is a choice made here: those at the finer half of the
/// resolutions, so that of four (16, 32, 64, 128 filters) the two coarse ones are shared. S learns by
/// L_sup(y^t, p^t) + L_sup(y^a, p^a); the target's half of it is exported.
/// </summary>
[TrainingMethod(
    "x-shape",
    "S with separate first encoder and last decoder layers for each modality and a shared middle.",
    "Valindria et al., WACV 2018")]
internal sealed class XShape(NetworkFactory networks) : ITrainingMethod
{
    /// <summary>S, with a half for each modality.</summary>
    public TrainedNetwork S { get; } = networks.Segmentor(
        NetworkRoles.SReal, ownLayers: layer => layer.Level < networks.Options.Segmentor.Filters.Count / 2);

    public IReadOnlyList<TrainedNetwork> Networks => [S];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var sup_t = SupervisedLoss.Compute(y_t, Prediction.FromLogits(S.Forward(x_t)));
        var sup_a = SupervisedLoss.Compute(y_a, Prediction.FromLogits(S.ForwardAssistant(x_a)));
        S.Update(sup_t + sup_a, rates.Segmentor);
        return new(S.Role, ("L_sup_t", sup_t), ("L_sup_a", sup_a));
    }
}
