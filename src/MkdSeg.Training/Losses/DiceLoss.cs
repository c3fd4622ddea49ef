using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// The soft multi-class Dice loss. With the sums taken over samples and pixels of the batch,
/// d_k = (2 Σ p_k y_k + ε) / (Σ p_k + Σ y_k + ε), and the loss is 1 − mean of d_k over the foreground classes that occur in
/// y. Background is left out, since it would dominate, and so are absent classes: for these d_k is about 0 whatever p
/// does, and the cross-entropy already pushes their p down. A batch without any foreground has loss 0. Pixels whose y is 0
/// for all classes are ignored: their p does not count.
/// </summary>
public static class DiceLoss
{
    private const double Epsilon = 1e-5;

    /// <summary>The loss, a scalar in [0, 1].</summary>
    /// <param name="target">y, (N, K, H, W), one-hot or 0; class 0 is background.</param>
    /// <param name="p">p, (N, K, H, W).</param>
    public static Tensor Compute(Tensor target, Tensor p)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentNullException.ThrowIfNull(p);
        long[] overSamplesAndPixels = [0, 2, 3];
        long[] overClasses = [1];
        var foreground = p.shape[1] - 1;
        var y = target.narrow(1, 1, foreground);
        var q = p.narrow(1, 1, foreground).mul(target.sum(overClasses, keepdim: true));
        var labelled = y.sum(overSamplesAndPixels);
        var dice = y.mul(q).sum(overSamplesAndPixels).mul((Scalar)2).add((Scalar)Epsilon)
            .div(q.sum(overSamplesAndPixels).add(labelled).add((Scalar)Epsilon));
        // 1 for a class with at least one pixel, else 0.
        var present = labelled.clamp((Scalar)0, (Scalar)1);
        return present.sum().sub(dice.mul(present).sum()).div(present.sum().clamp(min: (Scalar)1));
    }
}
