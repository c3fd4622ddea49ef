using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// The X-shaped network of Valindria et al. 2018: each modality has the first layers of the encoder and the last layers of
/// the decoder for itself, the middle is shared. Which layers are first and last is a choice made here: those at the finer
/// half of the resolutions, so that of four (16, 32, 64, 128 filters) the two coarse ones are shared. S learns by
/// L_sup(y^t, p^t) + L_sup(y^a, p^a); the target's half of it is what is exported.
/// </summary>
[TrainingMethod(
    "x-shape",
    "S with first encoder and last decoder layers of its own for each modality and a shared middle.",
    "Valindria et al., WACV 2018")]
public sealed class XShape : ITrainingMethod
{
    /// <summary>The method with a fresh network.</summary>
    public XShape(NetworkFactory networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        var levels = options.Segmentor.Filters.Count;
        S = networks.Segmentor(NetworkRoles.SReal, ownLayers: layer => layer.Level < levels / 2);
    }

    /// <summary>S, with a half for each modality.</summary>
    public TrainedNetwork S { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => [S];

    /// <inheritdoc/>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var sup_t = SupervisedLoss.Compute(y_t, Prediction.FromLogits(S.Forward(x_t)));
        var sup_a = SupervisedLoss.Compute(y_a, Prediction.FromLogits(S.ForwardAssistant(x_a)));
        S.Update(sup_t.add(sup_a), rates.Segmentor);
        losses.Add(S.Role, "L_sup_t", sup_t);
        losses.Add(S.Role, "L_sup_a", sup_a);
        return losses;
    }
}
