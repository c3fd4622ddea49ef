using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Joint training, a row of Tables 1 and 4: one segmentor S for both modalities, by L_sup(y^t, p^t) + L_sup(y^a, p^a).
/// </summary>
[TrainingMethod("joint-training", "One S on both modalities, their batches side by side.", "Li et al., AAAI 2020, Table 1")]
public sealed class JointTraining : ITrainingMethod
{
    /// <summary>The method with a fresh network.</summary>
    public JointTraining(NetworkFactory networks, TrainingOptions options)
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
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var (p_t, p_a) = S.PredictBoth(x_t, x_a);
        var sup_t = SupervisedLoss.Compute(y_t, p_t);
        var sup_a = SupervisedLoss.Compute(y_a, p_a);
        S.Update(sup_t.add(sup_a), rates.Segmentor);
        losses.Add(S.Role, "L_sup_t", sup_t);
        losses.Add(S.Role, "L_sup_a", sup_a);
        return losses;
    }
}
