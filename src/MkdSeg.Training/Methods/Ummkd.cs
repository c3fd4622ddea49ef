using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Unpaired multi-modal segmentation via knowledge distillation (Dou, Liu, Heng and Glocker 2020): the modalities share
/// all kernels of S and have separate normalisation layers; S learns by L_sup(y^t, p^t) + L_sup(y^a, p^a) + 0.5 L_kd, where
/// L_kd aligns the network's predictions for each class across the two modalities, see <see cref="ClassDistributionLoss"/>.
/// All comparisons here use the same segmentor, so the layers are its instance normalisation. Its statistics are computed per
/// image anyway, so only scale and shift are specific to a modality. With <see cref="Networks.Normalization.Batch"/> it is the
/// paper's batch normalisation, with separate running statistics for each modality. The paper's weight decay and its class
/// weights in the cross-entropy are left out, as in every other method.
/// </summary>
[TrainingMethod(
    "ummkd",
    "S with shared kernels and separate normalisation layers for each modality; class-wise distributions are aligned.",
    "Dou et al., IEEE TMI 2020")]
internal sealed class Ummkd(NetworkFactory networks) : ITrainingMethod
{
    private const double λ_kd = 0.5;
    private const double T = 2;

    /// <summary>S, with normalisation layers for each modality.</summary>
    public TrainedNetwork S { get; } = networks.Segmentor(NetworkRoles.SReal, ownLayers: layer => layer.IsNormalization);

    public IReadOnlyList<TrainedNetwork> Networks => [S];

    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var (logits_t, logits_a) = (S.Forward(x_t), S.ForwardAssistant(x_a));
        var sup_t = SupervisedLoss.Compute(y_t, Prediction.FromLogits(logits_t));
        var sup_a = SupervisedLoss.Compute(y_a, Prediction.FromLogits(logits_a));
        var kd = ClassDistributionLoss.Compute(y_t, logits_t, y_a, logits_a, T);
        S.Update(sup_t + sup_a + kd * λ_kd, rates.Segmentor);
        return new(S.Role, ("L_sup_t", sup_t), ("L_sup_a", sup_a), ("L_kd", kd));
    }
}
