using MkdSeg.Bundles;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Methods.Modules;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Offline translation, as in Jiang et al. 2018: G and D are trained first, without a segmentor; then G is frozen and S
/// learns from real and synthetic target images by L_sup(y^t, p^t) + L_sup(y^a, p^{a→t}). Two stages: S gets as many updates as
/// in the baseline, G and D as many before. Of that paper it is what Li et al. compare with, the offline order; its
/// tumour-aware loss, which needs a segmentor while G is trained, is not part of it.
/// </summary>
[TrainingMethod(
    "jiang",
    "G and D first, offline; then S on real and synthetic target images.",
    "Jiang et al., MICCAI 2018",
    Translates = true)]
public sealed class Jiang : ITrainingMethod
{
    /// <summary>The method with fresh networks.</summary>
    public Jiang(NetworkFactory networks, TrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        Alignment = new(networks, options.Mkd);
        S = networks.Segmentor(NetworkRoles.SReal);
    }

    /// <summary>G_a→t, G_t→a, D_t and D_a.</summary>
    public ImageAlignmentModule Alignment { get; }

    /// <summary>S.</summary>
    public TrainedNetwork S { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => [.. Alignment.Networks, S];

    /// <inheritdoc/>
    public IReadOnlyList<TrainingStage> Stages => [new("translate", Translate), new("segment", Step)];

    /// <summary>Updates S by L_sup(y^t, p^t) + L_sup(y^a, p^{a→t}); G_a→t stays as it is.</summary>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var x_at = Alignment.G_at.ForwardWithoutGradient(x_a);
        var (p_t, p_at) = S.PredictBoth(x_t, x_at);
        var sup_real = SupervisedLoss.Compute(y_t, p_t);
        var sup_syn = SupervisedLoss.Compute(y_a, p_at);
        S.Update(sup_real.add(sup_syn), rates.Segmentor);
        losses.Add(S.Role, "L_sup_real", sup_real);
        losses.Add(S.Role, "L_sup_syn", sup_syn);
        return losses;
    }

    /// <summary>Frees the networks and the replay pools.</summary>
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
