using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>A row of Tables 1 and 4: one segmentor S for both modalities, L_sup(y^t, p^t) + L_sup(y^a, p^a).</summary>
[TrainingMethod("joint-training", "One S on both modalities, their batches side by side.", "Li et al., AAAI 2020, Table 1")]
internal class JointTraining(NetworkFactory networks) : ITrainingMethod
{
    public TrainedNetwork S { get; } = networks.Segmentor(NetworkRoles.SReal);
    public IReadOnlyList<TrainedNetwork> Networks => [S];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var (p_t, p_a) = S.PredictBoth(x_t, x_a);
        var sup_t = SupervisedLoss.Compute(y_t, p_t);
        var sup_a = SupervisedLoss.Compute(y_a, p_a);
        S.Update(sup_t + sup_a, rates.Segmentor);
        return new(S.Role, ("L_sup_t", sup_t), ("L_sup_a", sup_a));
    }
}
