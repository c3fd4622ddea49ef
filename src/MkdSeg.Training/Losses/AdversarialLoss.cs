using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// L_adv, (1) and (2), in the form that each player minimises. Least squares (Mao et al. 2017, as in Zhu et al. 2017):
/// D: ½ (E[(D(x) − 1)²] + E[D(G(z))²]), G: E[(D(G(z)) − 1)²].
/// Log: D: ½ (E[−log σ(D(x))] + E[−log(1 − σ(D(G(z))))]), G: E[−log σ(D(G(z)))].
/// </summary>
internal static class AdversarialLoss
{
    /// <summary>Computes the generator's loss, given D's output for generated images.</summary>
    public static Tensor Generator(Tensor generated, AdversarialForm form) => Real(generated, form);

    /// <summary>Computes the discriminator's loss, halved so that D learns at half the generator's rate (Zhu et al.).</summary>
    public static Tensor Discriminator(Tensor real, Tensor generated, AdversarialForm form) =>
        (Real(real, form) + Generated(generated, form)) * 0.5;

    private static Tensor Real(Tensor d, AdversarialForm form) =>
        form == AdversarialForm.LeastSquares ? (d - 1).square().mean() : MinusLogSigmoid(d);

    // 1 − σ(z) = σ(−z)
    private static Tensor Generated(Tensor d, AdversarialForm form) =>
        form == AdversarialForm.LeastSquares ? d.square().mean() : MinusLogSigmoid(-d);

    // −log σ(z) = log(1 + e^−z), written as max(−z, 0) + log(1 + e^−|z|), which cannot overflow.
    private static Tensor MinusLogSigmoid(Tensor z) => ((-z).relu() + (-z.abs()).exp().log1p()).mean();
}

/// <summary>The form of the adversarial loss, (1) and (2) of the paper.</summary>
public enum AdversarialForm
{
    /// <summary>Squared distance of D's output from 1 (real) or 0 (generated), as in CycleGAN.</summary>
    LeastSquares,

    /// <summary>The logarithms of equation (1), with D's output as a logit; G uses the non-saturating −log D.</summary>
    Log,
}
