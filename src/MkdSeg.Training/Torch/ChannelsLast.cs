using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Torch;

/// <summary>
/// The layout of convolutions whose numbers of channels are no multiples of 16. oneDNN, which libtorch 2.10 computes them with on
/// CPUs, splits channels into blocks of 8 (AVX2) or 16 (AVX-512) and fills the last block up with whatever memory holds: results,
/// gradients of images or both are wrong, sometimes NaN. With the channels last in memory there are no blocks. A kernel in that
/// layout makes libtorch compute in it; where no block needs filling up, the usual layout is right and as fast.
/// </summary>
internal static class ChannelsLast
{
    private const long Block = 16;

    /// <summary>Whether a parameter of this shape is a kernel that blocks do not hold exactly.</summary>
    public static bool Needs(long[] shape) =>
        shape is [var first, var second, _, _] && (first % Block != 0 || second % Block != 0);

    /// <summary>Takes a vector for a kernel (C_1, C_2, H, W) whose second channels are last in memory.</summary>
    public static Tensor View(Tensor vector, long[] shape) =>
        vector.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2);

    /// <summary>
    /// Adds a channel of zeros to an image of one channel and to its kernel: one channel is first as well as last, and libtorch
    /// takes it for the usual layout.
    /// </summary>
    public static (Tensor Image, Tensor Kernels) AddChannel(Tensor image, Tensor kernels) => (
        F.pad(image, [0, 0, 0, 0, 0, 1]),
        F.pad(kernels.permute(0, 2, 3, 1), [0, 1]).permute(0, 3, 1, 2));

    /// <summary>
    /// Adds kernels of zeros up to a whole block, and biases: bfloat16 needs that in this layout too, where gradients of images
    /// are wrong otherwise.
    /// </summary>
    public static (Tensor Kernels, Tensor? Bias) FillBlock(Tensor kernels, Tensor? bias)
    {
        var missing = (Block - kernels.shape[0] % Block) % Block;
        return missing == 0
            ? (kernels, bias)
            : (F.pad(kernels.permute(0, 2, 3, 1), [0, 0, 0, 0, 0, 0, 0, missing]).permute(0, 3, 1, 2),
                bias is null ? null : F.pad(bias, [0, missing]));
    }
}
