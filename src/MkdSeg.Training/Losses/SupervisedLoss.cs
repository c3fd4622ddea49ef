using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>L_sup (6) = L_ce(y, p) + L_dice(y, p).</summary>
public static class SupervisedLoss
{
    /// <summary>The loss, a scalar.</summary>
    /// <param name="y">The annotation, (N, K, H, W), one-hot.</param>
    /// <param name="prediction">The segmentor's prediction for the same images.</param>
    public static Tensor Compute(Tensor y, Prediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return CrossEntropyLoss.Compute(y, prediction.LogP).add(DiceLoss.Compute(y, prediction.P));
    }
}
