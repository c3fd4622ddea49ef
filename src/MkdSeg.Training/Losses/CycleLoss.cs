using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>One direction of L_cyc (3), E‖G(F(x)) − x‖₁: the mean absolute difference of an image and its reconstruction.</summary>
internal static class CycleLoss
{
    public static Tensor Compute(Tensor reconstructed, Tensor x) => (reconstructed - x).abs().mean();
}
