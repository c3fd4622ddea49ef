using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// L_adv, (1) and (2), as what each player minimises. Least squares (Mao et al. 2017, as in Zhu et al. 2017):
/// D: ½ (E[(D(x) − 1)²] + E[D(G(z))²]), G: E[(D(G(z)) − 1)²].
/// Log: D: ½ (E[−log σ(D(x))] + E[−log(1 − σ(D(G(z))))]), G: E[−log σ(D(G(z)))].
/// </summary>
public static class AdversarialLoss
{
    /// <summary>What the generator minimises.</summary>
    /// <param name="generated">D's answer to generated images, any shape.</param>
    /// <param name="form">How the loss is written.</param>
    public static Tensor Generator(Tensor generated, AdversarialForm form) => Real(generated, form);

    /// <summary>What the discriminator minimises: halved, so that D learns at half the generator's pace (Zhu et al.).</summary>
    /// <param name="real">D's answer to real images.</param>
    /// <param name="generated">D's answer to generated images.</param>
    /// <param name="form">How the loss is written.</param>
    public static Tensor Discriminator(Tensor real, Tensor generated, AdversarialForm form) =>
        Real(real, form).add(Generated(generated, form)).mul((Scalar)0.5);

    private static Tensor Real(Tensor answer, AdversarialForm form)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return form == AdversarialForm.LeastSquares ? answer.sub((Scalar)1).square().mean() : MinusLogSigmoid(answer);
    }

    private static Tensor Generated(Tensor answer, AdversarialForm form)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return form == AdversarialForm.LeastSquares ? answer.square().mean() : MinusLogSigmoid(answer.neg());
    }

    // −log σ(z) = log(1 + e^−z), written as max(−z, 0) + log(1 + e^−|z|) so that nothing overflows.
    private static Tensor MinusLogSigmoid(Tensor logit) =>
        logit.neg().relu().add(logit.abs().neg().exp().log1p()).mean();
}
