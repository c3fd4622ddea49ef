using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// The distillation term of UMMKD (Dou et al. 2020). For each class c and each modality m, z_m^c is the mean of the logits
/// over the pixels that are annotated c, and q_m^c = softmax(z_m^c / T): what the network says about class c there. The loss
/// is the mean over classes of ½ (KL(q_t^c ‖ q_a^c) + KL(q_a^c ‖ q_t^c)) = ½ Σ_k (q_t,k^c − q_a,k^c)(log q_t,k^c − log q_a,k^c).
/// Classes that do not occur in both batches are left out (in the authors' code they count with a mean of 0); 0 where none
/// is left. Both modalities get a gradient.
/// </summary>
public static class ClassDistributionLoss
{
    /// <summary>The loss, a scalar ≥ 0.</summary>
    /// <param name="y_t">Target annotations, (N, K, H, W), one-hot.</param>
    /// <param name="logits_t">S(x^t), (N, K, H, W).</param>
    /// <param name="y_a">Assistant annotations.</param>
    /// <param name="logits_a">S(x^a).</param>
    /// <param name="temperature">T; above 1 it softens.</param>
    public static Tensor Compute(Tensor y_t, Tensor logits_t, Tensor y_a, Tensor logits_a, double temperature)
    {
        var (logQ_t, present_t) = ClassDistributions(y_t, logits_t, temperature);
        var (logQ_a, present_a) = ClassDistributions(y_a, logits_a, temperature);
        var divergence = logQ_t.exp().sub(logQ_a.exp()).mul(logQ_t.sub(logQ_a)).sum(1).mul((Scalar)0.5);
        var present = present_t.mul(present_a);
        return divergence.mul(present).sum().div(present.sum().clamp(min: (Scalar)1));
    }

    // log q, (K, K) with a row for each class, and 1 for each class that occurs, (K).
    private static (Tensor LogQ, Tensor Present) ClassDistributions(Tensor y, Tensor logits, double temperature)
    {
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(logits);
        var annotated = PixelsOfClasses(y);
        var present = annotated.sum(1).clamp((Scalar)0, (Scalar)1);
        var count = annotated.sum(1).clamp(min: (Scalar)1).unsqueeze(1);
        var mean = annotated.matmul(PixelsOfClasses(logits).t()).div(count);
        return (mean.div((Scalar)temperature).log_softmax(1), present);
    }

    // (N, K, H, W) as (K, N·H·W).
    private static Tensor PixelsOfClasses(Tensor x) => x.permute(1, 0, 2, 3).flatten(1);
}
