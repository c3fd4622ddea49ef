using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// L_ce(y, p) = −mean over samples and pixels of Σ_k y_k log p_k. The target y is a distribution over the K classes: one-hot
/// for annotations, a teacher's p for distillation. Pixels whose y is 0 for all classes contribute nothing.
/// </summary>
internal static class CrossEntropyLoss
{
    /// <summary>The loss, a scalar ≥ 0, for y and log p of shape (N, K, H, W).</summary>
    public static Tensor Compute(Tensor y, Tensor logP)
    {
        // The mean over all N·K·H·W entries is the mean over pixels divided by K.
        var K = logP.shape[1];
        return (y * logP).mean() * -K;
    }
}
