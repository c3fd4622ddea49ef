using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>
/// The soft multi-class Dice loss. With the sums taken over samples and pixels of the batch,
/// d_k = (2 Σ p_k y_k + ε) / (Σ p_k + Σ y_k + ε), and the loss is 1 − mean of d_k over the foreground classes that occur in
/// y. Background is left out because it would dominate, and so are absent classes: their d_k is about 0 whatever p is, and
/// the cross-entropy already pushes their p down. A batch without any foreground has loss 0. Pixels whose y is 0 for all
/// classes are ignored: their p does not count.
/// </summary>
internal static class DiceLoss
{
    private const double ε = 1e-5;

    /// <summary>The loss, a scalar in [0, 1], for y (one-hot or 0; class 0 is background) and p of shape (N, K, H, W).</summary>
    public static Tensor Compute(Tensor y, Tensor p)
    {
        var foreground = p.shape[1] - 1;
        var y_k = y.narrow(1, 1, foreground);
        var p_k = p.narrow(1, 1, foreground) * y.sum([1], keepdim: true);
        var labelled = Sum(y_k);
        var d_k = (Sum(y_k * p_k) * 2 + ε) / (Sum(p_k) + labelled + ε);
        // 1 for a class with at least one pixel, else 0.
        var present = labelled.clamp(0, 1);
        return (present.sum() - (d_k * present).sum()) / present.sum().clamp(min: 1);
    }

    // Over samples and pixels.
    private static Tensor Sum(Tensor x) => x.sum([0, 2, 3]);
}
