using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// L_ce(y, p) = −mean over samples and pixels of Σ_k y_k log p_k. The target y is a distribution over the K classes: one-hot
/// for annotations, a teacher's p for distillation. Pixels whose y is 0 for all classes add nothing.
/// </summary>
public static class CrossEntropyLoss
{
    /// <summary>The loss, a scalar ≥ 0.</summary>
    /// <param name="target">y, (N, K, H, W), sums to 1 over K, or is 0 where there is no annotation.</param>
    /// <param name="logP">log p, (N, K, H, W).</param>
    public static Tensor Compute(Tensor target, Tensor logP)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(logP);
        // The mean over all N·K·H·W entries is the mean over pixels divided by K.
        return target.mul(logP).mean().mul((Scalar)(-logP.shape[1]));
    }
}
