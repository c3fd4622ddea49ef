using MkdSeg.Training.Losses;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods;

/// <summary>The Image Alignment Module (IAM): CycleGAN's generators and discriminators (Zhu et al. 2017).</summary>
internal sealed class ImageAlignment(NetworkFactory networks, MutualKnowledgeDistillationOptions options) : IDisposable
{
    private readonly double λ_cyc = options.LambdaCycle;
    private readonly AdversarialForm _form = options.AdversarialForm;

    public TrainedNetwork G_at { get; } = networks.Generator(NetworkRoles.GeneratorToTarget);
    public TrainedNetwork G_ta { get; } = networks.Generator(NetworkRoles.GeneratorToAssistant);
    public TrainedNetwork D_t { get; } = networks.Discriminator("D_t");
    public TrainedNetwork D_a { get; } = networks.Discriminator("D_a");
    public IReadOnlyList<TrainedNetwork> Networks => [G_at, G_ta, D_t, D_a];
    private ImagePool Pool_t { get; } = networks.ImagePool("pool_t", options.ImagePoolSize);
    private ImagePool Pool_a { get; } = networks.ImagePool("pool_a", options.ImagePoolSize);

    /// <summary>Begins an iteration on target images x^t and assistant images x^a.</summary>
    public Iteration Begin(Tensor x_t, Tensor x_a, LearningRates rates, StepLosses losses) =>
        new(this, x_t, x_a, rates, losses);

    public void Dispose()
    {
        foreach (var network in Networks)
            network.Dispose();

        Pool_t.Dispose();
        Pool_a.Dispose();
    }

    /// <summary>
    /// Four updates, to be called in the order G_a→t, D_t, G_t→a, D_a.
    /// <para>
    /// A forward pass is shared only if its network has not changed in between: x^{t→a} of the first update is reused in the
    /// third; x^{a→t}, recomputed by the updated G_a→t, is used in all later updates.
    /// </para>
    /// </summary>
    public sealed class Iteration(ImageAlignment iam, Tensor x_t, Tensor x_a, LearningRates rates, StepLosses losses)
    {
        private readonly Tensor x_ta = iam.G_ta.Forward(x_t);
        private Tensor? _x_at_new;
        private Tensor? _x_ta_new;

        /// <summary>x^{a→t} from the updated G_a→t, a constant.</summary>
        public Tensor X_at => _x_at_new ?? throw new InvalidOperationException("G_a→t must be updated first.");

        /// <summary>x^{t→a} from the updated G_t→a, a constant.</summary>
        public Tensor X_ta => _x_ta_new ?? throw new InvalidOperationException("G_t→a must be updated first.");

        /// <summary>
        /// Updates G_a→t by L_gan^{a→t} = L_adv^t + λ_cyc L_cyc; given a segmentor, plus L_sup(y^a, S(x^{a→t})) with S frozen,
        /// which preserves the shapes.
        /// </summary>
        public void UpdateG_at(TrainedNetwork? frozenS = null, Tensor? y_a = null)
        {
            var (G_at, G_ta, D_t) = (iam.G_at, iam.G_ta, iam.D_t);
            using (TrainedNetwork.Freeze([G_ta, D_t, .. OrNone(frozenS)]))
            {
                var (x_at, x_tat) = G_at.ForwardBoth(x_a, x_ta.detach());
                var adv = AdversarialLoss.Generator(D_t.Forward(x_at), iam._form);
                var cyc = CycleLoss.Compute(G_ta.Forward(x_at), x_a) + CycleLoss.Compute(x_tat, x_t);
                Update(G_at, adv, cyc, ShapeLoss(frozenS, x_at, y_a), "at");
            }

            _x_at_new = G_at.ForwardWithoutGradient(x_a);
        }

        /// <summary>Updates D_t by L_adv^t.</summary>
        public void UpdateD_t() => Update(iam.D_t, x_t, iam.Pool_t.Exchange(X_at), "L_adv_t");

        /// <summary>
        /// Updates G_t→a by L_gan^{t→a} = L_adv^a + λ_cyc L_cyc; given a segmentor of the assistant modality, plus
        /// L_sup(y^t, S(x^{t→a})) with S frozen.
        /// </summary>
        public void UpdateG_ta(TrainedNetwork? frozenS = null, Tensor? y_t = null)
        {
            var (G_at, G_ta, D_a) = (iam.G_at, iam.G_ta, iam.D_a);
            using (TrainedNetwork.Freeze([G_at, D_a, .. OrNone(frozenS)]))
            {
                var adv = AdversarialLoss.Generator(D_a.Forward(x_ta), iam._form);
                var cyc = CycleLoss.Compute(G_ta.Forward(X_at), x_a) + CycleLoss.Compute(G_at.Forward(x_ta), x_t);
                Update(G_ta, adv, cyc, ShapeLoss(frozenS, x_ta, y_t), "ta");
            }

            _x_ta_new = G_ta.ForwardWithoutGradient(x_t);
        }

        /// <summary>Updates D_a by L_adv^a.</summary>
        public void UpdateD_a() => Update(iam.D_a, x_a, iam.Pool_a.Exchange(X_ta), "L_adv_a");

        private static IEnumerable<TrainedNetwork> OrNone(TrainedNetwork? network) => network is null ? [] : [network];

        private static Tensor? ShapeLoss(TrainedNetwork? s, Tensor translated, Tensor? y) =>
            s is null || y is null ? null : SupervisedLoss.Compute(y, s.Predict(translated, NormStatistics.Untouched));

        private void Update(TrainedNetwork g, Tensor adv, Tensor cyc, Tensor? shape, string direction)
        {
            var gan = adv + cyc * iam.λ_cyc;
            g.Update(shape is null ? gan : gan + shape, rates.Adversarial);
            losses.Add(g.Role, ($"L_adv_{direction}", adv), ($"L_cyc_{direction}", cyc));
            if (shape is not null)
                losses.Add(g.Role, ($"L_sup_{direction}", shape));
        }

        private void Update(TrainedNetwork d, Tensor real, Tensor generated, string name)
        {
            var (d_real, d_generated) = d.ForwardBoth(real, generated);
            var adv = AdversarialLoss.Discriminator(d_real, d_generated, iam._form);
            d.Update(adv, rates.Adversarial);
            losses.Add(d.Role, (name, adv));
        }
    }
}
