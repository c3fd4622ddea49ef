using MkdSeg.Training.Torch;
using MkdSeg.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Methods.Modules;

/// <summary>
/// One iteration of an <see cref="ImageAlignmentModule"/>: four updates, to be called in the order G_a→t, D_t, G_t→a, D_a.
/// <para>
/// A forward pass is shared only where the network it ran through has not changed in between: x^{t→a} of the first update
/// serves the third; x^{a→t}, made anew by the updated G_a→t, serves all that follow.
/// </para>
/// </summary>
public sealed class ImageAlignmentStep
{
    private readonly ImageAlignmentModule _iam;
    private readonly Tensor _x_t;
    private readonly Tensor _x_a;
    private readonly Tensor _x_ta;
    private readonly LearningRates _rates;
    private readonly StepLosses _losses;
    private Tensor? _x_at_new;
    private Tensor? _x_ta_new;

    internal ImageAlignmentStep(
        ImageAlignmentModule iam, Tensor x_t, Tensor x_a, LearningRates rates, StepLosses losses)
    {
        (_iam, _x_t, _x_a, _rates, _losses) = (iam, x_t, x_a, rates, losses);
        _x_ta = iam.G_ta.Forward(x_t);
    }

    /// <summary>x^{a→t} by the updated G_a→t, a constant.</summary>
    public Tensor X_at => _x_at_new ?? throw new InvalidOperationException("G_a→t is updated first.");

    /// <summary>x^{t→a} by the updated G_t→a, a constant.</summary>
    public Tensor X_ta => _x_ta_new ?? throw new InvalidOperationException("G_t→a is updated first.");

    private double LambdaCycle => _iam.Options.LambdaCycle;

    private AdversarialForm Form => _iam.Options.AdversarialForm;

    /// <summary>
    /// Updates G_a→t by L_gan^{a→t} = L_adv^t + λ_cyc L_cyc; where there is a segmentor, plus L_sup(y^a, S(x^{a→t})) with S
    /// frozen, which keeps the shapes.
    /// </summary>
    public void UpdateG_at(TrainedNetwork? frozenSegmentor = null, Tensor? y_a = null)
    {
        var (G_at, G_ta, D_t) = (_iam.G_at, _iam.G_ta, _iam.D_t);
        using (TrainedNetwork.Freeze([G_ta, D_t, .. Present(frozenSegmentor)]))
        {
            var (x_at, x_tat) = G_at.ForwardBoth(_x_a, _x_ta.detach());
            var adv = AdversarialLoss.Generator(D_t.Forward(x_at), Form);
            var cyc = CycleLoss.Compute(G_ta.Forward(x_at), _x_a).add(CycleLoss.Compute(x_tat, _x_t));
            Update(G_at, adv, cyc, ShapeLoss(frozenSegmentor, x_at, y_a), "at");
        }

        _x_at_new = G_at.ForwardWithoutGradient(_x_a);
    }

    /// <summary>Updates D_t by L_adv^t.</summary>
    public void UpdateD_t() => UpdateDiscriminator(_iam.D_t, _x_t, _iam.Pool_t.Exchange(X_at), "L_adv_t");

    /// <summary>
    /// Updates G_t→a by L_gan^{t→a} = L_adv^a + λ_cyc L_cyc; where there is a segmentor of the assistant modality, plus
    /// L_sup(y^t, S(x^{t→a})) with S frozen.
    /// </summary>
    public void UpdateG_ta(TrainedNetwork? frozenSegmentor = null, Tensor? y_t = null)
    {
        var (G_at, G_ta, D_a) = (_iam.G_at, _iam.G_ta, _iam.D_a);
        using (TrainedNetwork.Freeze([G_at, D_a, .. Present(frozenSegmentor)]))
        {
            var adv = AdversarialLoss.Generator(D_a.Forward(_x_ta), Form);
            var cyc = CycleLoss.Compute(G_ta.Forward(X_at), _x_a).add(CycleLoss.Compute(G_at.Forward(_x_ta), _x_t));
            Update(G_ta, adv, cyc, ShapeLoss(frozenSegmentor, _x_ta, y_t), "ta");
        }

        _x_ta_new = G_ta.ForwardWithoutGradient(_x_t);
    }

    /// <summary>Updates D_a by L_adv^a.</summary>
    public void UpdateD_a() => UpdateDiscriminator(_iam.D_a, _x_a, _iam.Pool_a.Exchange(X_ta), "L_adv_a");

    private static IEnumerable<TrainedNetwork> Present(TrainedNetwork? network) => network is null ? [] : [network];

    private static Tensor? ShapeLoss(TrainedNetwork? segmentor, Tensor translated, Tensor? y) =>
        segmentor is null || y is null
            ? null
            : SupervisedLoss.Compute(y, segmentor.Predict(translated, NormStatistics.Untouched));

    private void Update(TrainedNetwork g, Tensor adv, Tensor cyc, Tensor? shape, string direction)
    {
        var gan = adv.add(cyc.mul((Scalar)LambdaCycle));
        g.Update(shape is null ? gan : gan.add(shape), _rates.Adversarial);
        _losses.Add(g.Role, $"L_adv_{direction}", adv);
        _losses.Add(g.Role, $"L_cyc_{direction}", cyc);
        if (shape is not null)
        {
            _losses.Add(g.Role, $"L_sup_{direction}", shape);
        }
    }

    private void UpdateDiscriminator(TrainedNetwork d, Tensor real, Tensor generated, string name)
    {
        var (answerToReal, answerToGenerated) = d.ForwardBoth(real, generated);
        var adv = AdversarialLoss.Discriminator(answerToReal, answerToGenerated, Form);
        d.Update(adv, _rates.Adversarial);
        _losses.Add(d.Role, name, adv);
    }
}
