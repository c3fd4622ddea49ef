using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Torch;

/// <summary>
/// The layout of convolutions whose numbers of channels are not multiples of 16. oneDNN, which libtorch 2.10 uses for them on
/// CPUs, splits channels into blocks of 8 (AVX2) or 16 (AVX-512) and pads the last block with uninitialised memory: results,
/// gradients of images or both are wrong, sometimes NaN. With the channels last in memory there are no blocks. A kernel in that
/// layout makes libtorch compute in it; where no block needs padding, the usual layout is correct and as fast.
/// </summary>
internal static class ChannelsLast
{
    private const long Block = 16;

    /// <summary>Returns whether a parameter of this shape is a kernel that does not fill blocks exactly.</summary>
    public static bool Needs(long[] shape) =>
        shape is [var first, var second, _, _] && (first % Block != 0 || second % Block != 0);

    /// <summary>Views a vector as a kernel (C_1, C_2, H, W) whose second channels are last in memory.</summary>
    public static Tensor View(Tensor vector, long[] shape) =>
        vector.view(shape[0], shape[2], shape[3], shape[1]).permute(0, 3, 1, 2);

    /// <summary>
    /// Adds a channel of zeros to an image of one channel and to its kernel: a single channel is both first and last, and
    /// libtorch assumes the usual layout.
    /// </summary>
    public static (Tensor Image, Tensor Kernels) AddChannel(Tensor image, Tensor kernels) => (
        F.pad(image, [0, 0, 0, 0, 0, 1]),
        F.pad(kernels.permute(0, 2, 3, 1), [0, 1]).permute(0, 3, 1, 2));

    /// <summary>
    /// Pads kernels and biases with zeros to a whole block: bfloat16 needs this in this layout too, where gradients of images
    /// are otherwise wrong.
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
