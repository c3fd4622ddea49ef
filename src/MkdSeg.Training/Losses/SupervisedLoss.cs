using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>L_sup (6) = L_ce(y, p) + L_dice(y, p) for an annotation y, (N, K, H, W) one-hot, and the prediction p.</summary>
internal static class SupervisedLoss
{
    public static Tensor Compute(Tensor y, Prediction prediction) =>
        CrossEntropyLoss.Compute(y, prediction.LogP) + DiceLoss.Compute(y, prediction.P);
}
