namespace MkdSeg.Training.Networks;

/// <summary>Size of a <see cref="ResNetGenerator"/>.</summary>
public sealed record ResNetGeneratorOptions
{
    /// <summary>Channels of the image, before and after.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels after the first convolution (ngf).</summary>
    public int Width { get; init; } = 64;

    /// <summary>Residual blocks: 9, or 6 below 256 pixels (Zhu et al.).</summary>
    public int Blocks { get; init; } = 9;

    /// <summary>Number of downsamplings by 2 before the residual blocks.</summary>
    public int Downsamplings { get; init; } = 2;

    /// <summary>
    /// Whether the network adds to its input, tanh(atanh(clip(x)) + f(x)), instead of replacing it, tanh(f(x)). Preserves
    /// structures from the first iteration, which short training runs need; not in the paper.
    /// </summary>
    public bool ResidualOutput { get; init; }

    /// <summary>
    /// Whether the signal before the first downsampling joins the one after the last upsampling, as in a U-Net: edges then
    /// need not be learned through the bottleneck. For short training runs; not in the paper.
    /// </summary>
    public bool SkipConnection { get; init; }

    /// <summary>
    /// Largest absolute intensity that enters atanh when <see cref="ResidualOutput"/> is on, below 1: the nearer to 1, the
    /// closer to the identity G starts, and the harder it is to move away from it.
    /// </summary>
    public float ResidualClip { get; init; } = 0.999f;
}

/// <summary>
/// The generator G: the residual network of Zhu et al. 2017 (after Johnson et al. 2016). Mirrored borders, instance
/// normalisation without scale and shift; intensities in and out within [−1, 1]. Result: (N, channels, H, W).
/// </summary>
internal static class ResNetGenerator
{
    public static NetworkGraph Describe(ResNetGeneratorOptions options)
    {
        if (options.Blocks < 0 || options.Downsamplings < 0 || options.ResidualClip is not (> 0 and < 1))
        {
            throw new ArgumentException(
                $"A generator cannot have {options.Blocks} blocks, {options.Downsamplings} downsamplings and a clip at " +
                $"{options.ResidualClip}: counts must not be negative and the clip must be between 0 and 1.");
        }

        var builder = new GraphBuilder("ResNetGenerator", options.Channels, _ => Initialization.Normal(0.02));
        var x = builder.Input.ReflectPad(3).Conv("stem", options.Width, 7).InstanceNorm().Relu();
        var stem = x;
        for (var i = 1; i <= options.Downsamplings; i++)
            x = x.Conv($"down{i}", 2 * x.Channels, 3, stride: 2, pad: 1).InstanceNorm().Relu();
        for (var i = 1; i <= options.Blocks; i++)
            x = ResidualBlock(x, $"block{i}");
        for (var i = 1; i <= options.Downsamplings; i++)
        {
            x = x.ConvTranspose($"up{i}", x.Channels / 2, 3, stride: 2, pad: 1, outputPadding: 1)
                .InstanceNorm().Relu();
        }

        if (options.SkipConnection)
            x = stem.Concat(x).ReflectPad(1).Conv("mix", options.Width, 3).InstanceNorm().Relu();
        x = x.ReflectPad(3).Conv("head", options.Channels, 7);
        if (options.ResidualOutput)
            x = x.Add(builder.Input.Clip(-options.ResidualClip, options.ResidualClip).Atanh());
        return builder.Build(x.Tanh(), "translated");
    }

    private static SymbolicTensor ResidualBlock(SymbolicTensor x, string name)
    {
        var y = x.ReflectPad(1).Conv($"{name}.conv1", x.Channels, 3).InstanceNorm().Relu();
        y = y.ReflectPad(1).Conv($"{name}.conv2", x.Channels, 3).InstanceNorm();
        return y.Add(x);
    }
}
