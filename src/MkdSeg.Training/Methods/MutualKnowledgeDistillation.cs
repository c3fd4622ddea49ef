using MkdSeg.Bundles;
using MkdSeg.Training.Engine;
using MkdSeg.Training.Losses;
using MkdSeg.Training.Optimization;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>
/// Online Mutual Knowledge Distillation (Li, Yu, Wang and Heng, AAAI 2020), Algorithm 1.
/// <para>
/// Every loss is evaluated at the networks as they stand when its update begins, exactly as the algorithm is written.
/// A forward pass is shared only where the network it ran through has not changed in between: x^{t→a} of step 2 serves
/// step 4; x^{a→t}, made anew by the updated G_a→t, serves steps 3, 4, 6 and 7; p_real^t serves as teacher in step 6 and as
/// student in step 7. Two batches go through a network as one where its layers treat samples independently.
/// </para>
/// </summary>
public sealed class MutualKnowledgeDistillation : ITrainingMethod
{
    private readonly MutualKnowledgeDistillationOptions _options;
    private readonly ReplayPool _pool_t;
    private readonly ReplayPool _pool_a;

    /// <summary>The method with fresh networks.</summary>
    public MutualKnowledgeDistillation(NetworkFactory networks, MutualKnowledgeDistillationOptions options)
    {
        ArgumentNullException.ThrowIfNull(networks);
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        G_at = networks.Generator(NetworkRoles.GeneratorToTarget);
        G_ta = networks.Generator(NetworkRoles.GeneratorToAssistant);
        D_t = networks.Discriminator("D_t");
        D_a = networks.Discriminator("D_a");
        S_syn = networks.Segmentor(NetworkRoles.SSyn);
        S_real = networks.Segmentor(NetworkRoles.SReal);
        _pool_t = new(options.ReplayPoolSize, networks.Random("pool_t"));
        _pool_a = new(options.ReplayPoolSize, networks.Random("pool_a"));
    }

    /// <summary>G_a→t.</summary>
    public TrainedNetwork G_at { get; }

    /// <summary>G_t→a.</summary>
    public TrainedNetwork G_ta { get; }

    /// <summary>D_t.</summary>
    public TrainedNetwork D_t { get; }

    /// <summary>D_a.</summary>
    public TrainedNetwork D_a { get; }

    /// <summary>S_syn.</summary>
    public TrainedNetwork S_syn { get; }

    /// <summary>S_real.</summary>
    public TrainedNetwork S_real { get; }

    /// <inheritdoc/>
    public IReadOnlyList<TrainedNetwork> Networks => [G_at, G_ta, D_t, D_a, S_syn, S_real];

    /// <inheritdoc/>
    public StepLosses Step(TrainingBatch batch, LearningRates rates)
    {
        // 1. sample (x^t, y^t), (x^a, y^a)
        ArgumentNullException.ThrowIfNull(batch);
        var (x_t, y_t, x_a, y_a) = batch.BothModalities();
        var losses = new StepLosses();
        var form = _options.AdversarialForm;
        var (λ_cyc, λ1_kd, λ2_kd) = (_options.LambdaCycle, _options.LambdaKdReal, _options.LambdaKdSyn);

        // 2. update G_a→t by L_gan^{a→t} + L_sup^syn, with S_syn frozen
        var x_ta = G_ta.Forward(x_t);
        using (TrainedNetwork.Freeze(G_ta, D_t, S_syn))
        {
            var (x_at, x_tat) = G_at.ForwardBoth(x_a, x_ta.detach());
            var adv = AdversarialLoss.Generator(D_t.Forward(x_at), form);
            var cyc = CycleLoss.Compute(G_ta.Forward(x_at), x_a).add(CycleLoss.Compute(x_tat, x_t));
            var sup = SupervisedLoss.Compute(y_a, Prediction.FromLogits(S_syn.Forward(x_at, NormStatistics.Untouched)));
            G_at.Update(adv.add(cyc.mul((Scalar)λ_cyc)).add(sup), rates.Adversarial);
            losses.Add(G_at.Role, "L_adv_at", adv);
            losses.Add(G_at.Role, "L_cyc_at", cyc);
            losses.Add(G_at.Role, "L_sup_at", sup);
        }

        // x^{a→t} by the updated G_a→t, a constant for all that follows
        var x_at_new = G_at.ForwardWithoutGradient(x_a);

        // 3. update D_t by L_adv^t
        UpdateDiscriminator(D_t, x_t, _pool_t.Exchange(x_at_new), rates, "L_adv_t", losses);

        // 4. update G_t→a by L_gan^{t→a}
        using (TrainedNetwork.Freeze(G_at, D_a))
        {
            var adv = AdversarialLoss.Generator(D_a.Forward(x_ta), form);
            var cyc = CycleLoss.Compute(G_ta.Forward(x_at_new), x_a).add(CycleLoss.Compute(G_at.Forward(x_ta), x_t));
            G_ta.Update(adv.add(cyc.mul((Scalar)λ_cyc)), rates.Adversarial);
            losses.Add(G_ta.Role, "L_adv_ta", adv);
            losses.Add(G_ta.Role, "L_cyc_ta", cyc);
        }

        // 5. update D_a by L_adv^a
        UpdateDiscriminator(D_a, x_a, _pool_a.Exchange(G_ta.ForwardWithoutGradient(x_t)), rates, "L_adv_a", losses);

        // 6. update S_syn by L_seg^syn = L_sup^syn + λ²_kd L_kd^{r→s}
        var (p_real_at, p_real_t) = S_real.PredictBoth(x_at_new, x_t);
        {
            var (p_syn_at, p_syn_t) = S_syn.PredictBoth(x_at_new, x_t);
            var sup = SupervisedLoss.Compute(y_a, p_syn_at);
            var kd = DistillationLoss.Compute(teacher: p_real_t, student: p_syn_t);
            S_syn.Update(sup.add(kd.mul((Scalar)λ2_kd)), rates.Segmentor);
            losses.Add(S_syn.Role, "L_sup_syn", sup);
            losses.Add(S_syn.Role, "L_kd_rs", kd);
        }

        // 7. update S_real by L_seg^real = L_sup^real + λ¹_kd L_kd^{s→r}
        {
            var p_syn_at = S_syn.PredictWithoutGradient(x_at_new);
            var sup = SupervisedLoss.Compute(y_t, p_real_t);
            var kd = DistillationLoss.Compute(teacher: p_syn_at, student: p_real_at);
            S_real.Update(sup.add(kd.mul((Scalar)λ1_kd)), rates.Segmentor);
            losses.Add(S_real.Role, "L_sup_real", sup);
            losses.Add(S_real.Role, "L_kd_sr", kd);
        }

        return losses;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var network in Networks)
        {
            network.Dispose();
        }

        _pool_t.Dispose();
        _pool_a.Dispose();
    }

    private void UpdateDiscriminator(
        TrainedNetwork d, Tensor real, Tensor generated, LearningRates rates, string name, StepLosses losses)
    {
        var (answerToReal, answerToGenerated) = d.ForwardBoth(real, generated);
        var adv = AdversarialLoss.Discriminator(answerToReal, answerToGenerated, _options.AdversarialForm);
        d.Update(adv, rates.Adversarial);
        losses.Add(d.Role, name, adv);
    }
}
