using static TorchSharp.torch;

namespace MkdSeg.Training.Losses;

/// <summary>One direction of L_cyc (3): the mean absolute difference of an image and its way there and back.</summary>
public static class CycleLoss
{
    /// <summary>E‖reconstructed − original‖₁, a scalar ≥ 0.</summary>
    public static Tensor Compute(Tensor reconstructed, Tensor original)
    {
        ArgumentNullException.ThrowIfNull(reconstructed);
        return reconstructed.sub(original).abs().mean();
    }
}
