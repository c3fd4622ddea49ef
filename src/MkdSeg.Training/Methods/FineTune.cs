using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Fine-tuning, a row of Tables 1 and 4: one segmentor S, trained first on the assistant modality and then on the target
/// modality, by L_sup. Two stages: S gets as many updates on the target as the baseline, after as many on the assistant.
/// </summary>
[TrainingMethod(
    "fine-tune", "S trained on the assistant modality, then on the target modality.", "Li et al., AAAI 2020, Table 1")]
internal sealed class FineTune(NetworkFactory networks) : ITrainingMethod
{
    public TrainedNetwork S { get; } = networks.Segmentor(NetworkRoles.SReal);
    public IReadOnlyList<TrainedNetwork> Networks => [S];
    public IReadOnlyList<TrainingStage> Stages => [new("pretrain", Pretrain), new("fine-tune", Step)];

    /// <summary>Updates S by L_sup(y^t, p^t).</summary>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var sup_t = SupervisedLoss.Compute(batch.Y_t, S.Predict(batch.X_t));
        S.Update(sup_t, rates.Segmentor);
        return new(S.Role, ("L_sup_t", sup_t));
    }

    // Updates S by L_sup(y^a, p^a).
    private StepLosses Pretrain(TrainingBatch batch, LearningRates rates)
    {
        var (_, _, x_a, y_a) = batch.BothModalities();
        var sup_a = SupervisedLoss.Compute(y_a, S.Predict(x_a));
        S.Update(sup_a, rates.Segmentor);
        return new(S.Role, ("L_sup_a", sup_a));
    }
}
