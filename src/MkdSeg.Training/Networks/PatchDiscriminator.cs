namespace MkdSeg.Training.Networks;

/// <summary>Size of a <see cref="PatchDiscriminator"/>.</summary>
public sealed record PatchDiscriminatorOptions
{
    /// <summary>Channels of the image.</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels after the first convolution (ndf).</summary>
    public int Width { get; init; } = 64;

    /// <summary>Convolutions of stride 2; 3 give a receptive field of 70×70 pixels, 2 of 34×34, 1 of 16×16.</summary>
    public int Layers { get; init; } = 3;
}

/// <summary>The discriminator D: the PatchGAN of Isola et al. 2017; result (N, 1, H', W'), without a sigmoid.</summary>
internal static class PatchDiscriminator
{
    private const int LargestWidening = 8;

    public static NetworkGraph Describe(PatchDiscriminatorOptions options)
    {
        if (options.Layers < 1)
            throw new ArgumentException($"A discriminator has at least 1 strided layer, not {options.Layers}.");

        var builder = new GraphBuilder("PatchDiscriminator", options.Channels, _ => Initialization.Normal(0.02));
        var x = builder.Input.Conv("conv1", options.Width, 4, stride: 2, pad: 1).LeakyRelu(0.2f);
        for (var i = 1; i <= options.Layers; i++)
        {
            var widening = Math.Min(1 << i, LargestWidening);
            var stride = i < options.Layers ? 2 : 1;
            x = x.Conv($"conv{i + 1}", widening * options.Width, 4, stride, pad: 1).InstanceNorm().LeakyRelu(0.2f);
        }

        return builder.Build(x.Conv("patches", 1, 4, pad: 1), "realness");
    }
}
