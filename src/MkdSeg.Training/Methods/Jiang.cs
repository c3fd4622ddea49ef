using MkdSeg.Training.Losses;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Offline translation, as in Jiang et al. 2018: G and D are trained first, without a segmentor; then G is frozen and S
/// learns from real and synthetic target images by L_sup(y^t, p^t) + L_sup(y^a, p^{a→t}). Two stages: S gets as many updates as
/// in the baseline, and G and D get as many before. Li et al. compare with this offline order; the tumour-aware loss of Jiang
/// et al., which needs a segmentor while G is trained, is not part of it.
/// </summary>
[TrainingMethod(
    "jiang",
    "G and D first, offline; then S on real and synthetic target images.",
    "Jiang et al., MICCAI 2018",
    Translates = true)]
internal sealed class Jiang(NetworkFactory networks) : ITrainingMethod
{
    public ImageAlignment Alignment { get; } = new(networks, networks.Options.Mkd);
    public TrainedNetwork S { get; } = networks.Segmentor(NetworkRoles.SReal);
    public IReadOnlyList<TrainedNetwork> Networks => [.. Alignment.Networks, S];
    public IReadOnlyList<TrainingStage> Stages => [new("translate", Translate), new("segment", Step)];

    /// <summary>Updates S by L_sup(y^t, p^t) + L_sup(y^a, p^{a→t}); G_a→t remains unchanged.</summary>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var x_at = Alignment.G_at.ForwardWithoutGradient(x_a);
        var (p_t, p_at) = S.PredictBoth(x_t, x_at);
        var sup_real = SupervisedLoss.Compute(y_t, p_t);
        var sup_syn = SupervisedLoss.Compute(y_a, p_at);
        S.Update(sup_real + sup_syn, rates.Segmentor);
        return new(S.Role, ("L_sup_real", sup_real), ("L_sup_syn", sup_syn));
    }

    public void Dispose()
    {
        Alignment.Dispose();
        S.Dispose();
    }

    // Updates G_a→t, D_t, G_t→a and D_a by L_gan alone.
    private StepLosses Translate(TrainingBatch batch, LearningRates rates)
    {
        var (x_t, _, x_a, _) = batch.BothModalities();
        var losses = new StepLosses();
        var iam = Alignment.Begin(x_t, x_a, rates, losses);
        iam.UpdateG_at();
        iam.UpdateD_t();
        iam.UpdateG_ta();
        iam.UpdateD_a();
        return losses;
    }
}
