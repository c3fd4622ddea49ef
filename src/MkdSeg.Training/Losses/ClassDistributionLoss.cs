using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// The distillation term of UMMKD (Dou et al. 2020). For each class c and each modality m, z_m^c is the mean of the logits
/// over the pixels annotated as c, and q_m^c = softmax(z_m^c / T): what the network predicts for class c there. The loss
/// is the mean over classes of ½ (KL(q_t^c ‖ q_a^c) + KL(q_a^c ‖ q_t^c)) = ½ Σ_k (q_t,k^c − q_a,k^c)(log q_t,k^c − log q_a,k^c).
/// Classes that do not occur in both batches are left out (the authors' code gives them a mean of 0); the loss is 0 if none
/// remains. Both modalities receive gradients.
/// </summary>
internal static class ClassDistributionLoss
{
    /// <summary>
    /// The loss, a scalar ≥ 0. Annotations (one-hot) and logits are (N, K, H, W); a temperature above 1 softens.
    /// </summary>
    public static Tensor Compute(Tensor y_t, Tensor logits_t, Tensor y_a, Tensor logits_a, double temperature)
    {
        var (logQ_t, present_t) = ClassDistributions(y_t, logits_t, temperature);
        var (logQ_a, present_a) = ClassDistributions(y_a, logits_a, temperature);
        var divergence = ((logQ_t.exp() - logQ_a.exp()) * (logQ_t - logQ_a)).sum(1) * 0.5;
        var present = present_t * present_a;
        return (divergence * present).sum() / present.sum().clamp(min: 1);
    }

    // log q, (K, K) with a row for each class, and 1 for each class that occurs, (K).
    private static (Tensor LogQ, Tensor Present) ClassDistributions(Tensor y, Tensor logits, double temperature)
    {
        var annotated = PixelsByClass(y);
        var count = annotated.sum(1);
        var mean = annotated.matmul(PixelsByClass(logits).t()) / count.clamp(min: 1).unsqueeze(1);
        return ((mean / temperature).log_softmax(1), count.clamp(0, 1));
    }

    // (N, K, H, W) as (K, N·H·W).
    private static Tensor PixelsByClass(Tensor x) => x.permute(1, 0, 2, 3).flatten(1);
}
