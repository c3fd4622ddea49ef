namespace MkdSeg.Training.Networks;

/// <summary>The normalisation layers of a segmentor.</summary>
public enum Normalization
{
    /// <summary>Statistics of each image, with scale and shift.</summary>
    Instance,

    /// <summary>Statistics of the batch, running statistics at inference; as in DLTK.</summary>
    Batch,
}

/// <summary>Size of a <see cref="ResidualUNet"/>.</summary>
public sealed record ResidualUNetOptions
{
    /// <summary>Channels of the image.</summary>
    public int InputChannels { get; init; } = 1;

    /// <summary>Number of classes, including the background.</summary>
    public int ClassCount { get; init; } = 8;

    /// <summary>Channels at each resolution, the full resolution first.</summary>
    public IReadOnlyList<int> Filters { get; init; } = [16, 32, 64, 128];

    /// <summary>Reduction at the entry of each resolution: 1 for the first, 1 or even for the others.</summary>
    public IReadOnlyList<int> Strides { get; init; } = [1, 2, 2, 2];

    /// <summary>Residual units at each resolution, on the way down and on the way up.</summary>
    public int ResidualUnits { get; init; } = 1;

    /// <summary>The normalisation layers.</summary>
    public Normalization Norm { get; init; } = Normalization.Instance;
}

/// <summary>A layer of a <see cref="ResidualUNet"/> that has parameters.</summary>
internal readonly record struct ResidualUNetLayer(string Name, int Level, bool IsNormalization);

/// <summary>
/// The segmentor S: the residual U-Net of DLTK (Pawlowski et al. 2017; the baseline of Valindria et al. 2018) in 2-D.
/// Pre-activation residual units (norm, ReLU6, convolution, twice; He et al. 2016); a strided unit enters with a
/// kernel of twice its stride and a max-pooled shortcut; shortcuts add channels of zeros or reduce channels by a
/// convolution; linear upsampling, then concatenation after the encoder's signal of that resolution. As in DLTK, the
/// convolutions have no bias, except here the last one, whose biases can model the class frequencies. Result: (N,
/// classes, H, W) logits.
/// </summary>
internal static class ResidualUNet
{
    public static NetworkGraph Describe(ResidualUNetOptions options) => Describe(options, "", _ => false);

    /// <summary>
    /// Describes the network for one of two modalities. Modality-specific layers carry the modality's name, as in
    /// "decode0.unit1.norm1.assistant"; all others are shared with the network from
    /// <see cref="Describe(ResidualUNetOptions)"/>.
    /// </summary>
    public static NetworkGraph Describe(
        ResidualUNetOptions options, string modality, Func<ResidualUNetLayer, bool> own)
    {
        Check(options);
        string NameOf(string layer, int level, bool isNormalization = false) =>
            own(new(layer, level, isNormalization)) ? $"{layer}.{modality}" : layer;

        var builder = new GraphBuilder("ResidualUNet", options.InputChannels, Initialization.HeNormal);
        var x = builder.Input.Conv(NameOf("encode0", 0), options.Filters[0], 3, pad: 1, bias: false);
        var skips = new Stack<SymbolicTensor>();
        for (var level = 1; level < options.Filters.Count; level++)
        {
            skips.Push(x);
            for (var unit = 1; unit <= options.ResidualUnits; unit++)
            {
                var stride = unit == 1 ? options.Strides[level] : 1;
                x = ResidualUnit(x, $"encode{level}.unit{unit}", level, stride);
            }
        }

        for (var level = options.Filters.Count - 2; level >= 0; level--)
        {
            x = skips.Pop().Concat(x.UpsampleLinear(options.Strides[level + 1]));
            for (var unit = 1; unit <= options.ResidualUnits; unit++)
                x = ResidualUnit(x, $"decode{level}.unit{unit}", level, stride: 1);
        }

        return builder.Build(x.Conv(NameOf("classify", 0), options.ClassCount, 1), "logits");

        SymbolicTensor ResidualUnit(SymbolicTensor x, string name, int level, int stride)
        {
            var filters = options.Filters[level];
            string conv1 = NameOf($"{name}.conv1", level), conv2 = NameOf($"{name}.conv2", level);
            var y = NormRelu(x, $"{name}.norm1", level);
            y = stride == 1
                ? y.Conv(conv1, filters, 3, pad: 1, bias: false)
                : y.Conv(conv1, filters, 2 * stride, stride, pad: stride / 2, bias: false);
            y = NormRelu(y, $"{name}.norm2", level).Conv(conv2, filters, 3, pad: 1, bias: false);

            var shortcut = stride == 1 ? x : x.MaxPool(stride);
            var added = filters - shortcut.Channels;
            if (added > 0)
                shortcut = shortcut.ZeroPadChannels(added / 2, added - added / 2);
            else if (added < 0)
                shortcut = shortcut.Conv(NameOf($"{name}.shortcut", level), filters, 3, pad: 1, bias: false);
            return y.Add(shortcut);
        }

        SymbolicTensor NormRelu(SymbolicTensor x, string name, int level)
        {
            var layer = NameOf(name, level, isNormalization: true);
            return (options.Norm == Normalization.Batch ? x.BatchNorm(layer) : x.InstanceNorm(layer)).Clip(0, 6);
        }
    }

    private static void Check(ResidualUNetOptions options)
    {
        if (options.Filters.Count == 0 || options.Filters.Count != options.Strides.Count)
        {
            throw new ArgumentException(
                $"A residual U-Net needs as many filter counts as strides, but {options.Filters.Count} and " +
                $"{options.Strides.Count} were given.");
        }

        if (options.Strides[0] != 1 || options.Strides.Any(stride => stride != 1 && (stride < 1 || stride % 2 != 0)))
        {
            throw new ArgumentException(
                "The strides of a residual U-Net must be 1 at the first resolution and 1 or even at the others, but " +
                $"[{string.Join(", ", options.Strides)}] were given.");
        }

        if (options.ResidualUnits < 1)
        {
            throw new ArgumentException(
                $"A residual U-Net needs at least 1 residual unit at each resolution, not {options.ResidualUnits}.");
        }
    }
}
