namespace MkdSeg.Training.Networks;

/// <summary>
/// The result of an operation while a network is described, (N, <see cref="Channels"/>, H, W). Every method records one
/// more operation and returns its result; one that does not fit immediately throws an <see cref="ArgumentException"/>
/// that names the layer.
/// </summary>
internal sealed class SymbolicTensor(GraphBuilder builder, GraphNode node, string layer)
{
    private const float Epsilon = 1e-5f;

    public GraphBuilder Builder => builder;
    public GraphNode Node => node;
    public int Channels => node.Channels;

    /// <summary>Height and width, relative to the network's input.</summary>
    public Extent Extent => node.Extent;

    /// <summary>Convolution with a square kernel; zero padding.</summary>
    public SymbolicTensor Conv(string name, int channels, int kernel, int stride = 1, int pad = 0, bool bias = true)
    {
        CheckWindow(name, channels, kernel, stride, pad);
        var weight = builder.Kernel(name, [channels, Channels, kernel, kernel], fanIn: Channels * kernel * kernel);
        return AppendLayer(name, new ConvNode(weight, Bias(name, channels, bias), kernel, stride, pad), channels);
    }

    /// <summary>Transposed convolution with a square kernel.</summary>
    public SymbolicTensor ConvTranspose(
        string name, int channels, int kernel, int stride = 2, int pad = 0, int outputPadding = 0, bool bias = true)
    {
        CheckWindow(name, channels, kernel, stride, pad);
        if (outputPadding < 0 || outputPadding >= stride)
            throw builder.Error(name, $"output padding {outputPadding} must be from 0 to below the stride {stride}");
        var fanIn = Math.Max(1, Channels * kernel * kernel / (stride * stride));
        var weight = builder.Kernel(name, [Channels, channels, kernel, kernel], fanIn);
        return AppendLayer(
            name,
            new ConvTransposeNode(weight, Bias(name, channels, bias), kernel, stride, pad, outputPadding),
            channels);
    }

    /// <summary>Instance normalisation, epsilon 1e-5.</summary>
    public SymbolicTensor InstanceNorm(string? name = null) => name is null
        ? Append("norm", new InstanceNormNode(null, null, Epsilon))
        : AppendLayer(name, new InstanceNormNode(Ones(name, "weight"), Bias(name, Channels), Epsilon), Channels);

    /// <summary>Batch normalisation, epsilon 1e-5, momentum 0.1.</summary>
    public SymbolicTensor BatchNorm(string name) => AppendLayer(
        name,
        new BatchNormNode(
            Ones(name, "weight"),
            Bias(name, Channels)!,
            builder.Parameter($"{name}.running_mean", [Channels], Initialization.Zeros, trainable: false),
            Ones(name, "running_var", trainable: false),
            Epsilon,
            Momentum: 0.1f),
        Channels);

    /// <summary>max(x, 0).</summary>
    public SymbolicTensor Relu() => Append("relu", new ReluNode());

    /// <summary>x where x ≥ 0, slope · x below.</summary>
    public SymbolicTensor LeakyRelu(float slope = 0.2f) => Append("leaky_relu", new LeakyReluNode(slope));

    public SymbolicTensor Tanh() => Append("tanh", new TanhNode());

    /// <summary>Inverse hyperbolic tangent; first clip to within (−1, 1).</summary>
    public SymbolicTensor Atanh() => Append("atanh", new AtanhNode());

    public SymbolicTensor Clip(float minimum, float maximum) => minimum <= maximum
        ? Append("clip", new ClipNode(minimum, maximum))
        : throw builder.Error(layer, $"nothing lies within [{minimum}, {maximum}]");

    public SymbolicTensor Softmax() => Append("softmax", new SoftmaxNode());

    /// <summary>Sum with a tensor of the same size and number of channels.</summary>
    public SymbolicTensor Add(SymbolicTensor other)
    {
        CheckJoin("add", other);
        return other.Channels == Channels ? Append("add", new AddNode(), Channels, other) : throw builder.Error(
            builder.DerivedName(layer, "add"),
            $"it adds {other.Channels} channels from '{other.Node.Name}' to {Channels} from '{node.Name}'");
    }

    /// <summary>The channels of this tensor, then those of another tensor of the same size.</summary>
    public SymbolicTensor Concat(SymbolicTensor other)
    {
        CheckJoin("concat", other);
        return Append("concat", new ConcatNode(), Channels + other.Channels, other);
    }

    /// <summary>A border that mirrors the image without repeating its outermost pixels.</summary>
    public SymbolicTensor ReflectPad(int pad) => pad >= 1
        ? Append("reflect_pad", new ReflectPadNode(pad))
        : throw builder.Error(layer, $"a border of {pad} pixels cannot be added");

    /// <summary>Channels of zeros before and after.</summary>
    public SymbolicTensor ZeroPadChannels(int before, int after) => before >= 0 && after >= 0
        ? Append("pad_channels", new ZeroPadChannelsNode(before, after), before + Channels + after)
        : throw builder.Error(layer, $"{before} and {after} channels cannot be added");

    /// <summary>Bilinear upsampling, pixel centres at half-integers.</summary>
    public SymbolicTensor UpsampleLinear(int factor = 2) => factor >= 1
        ? Append("upsample", new UpsampleLinearNode(factor))
        : throw builder.Error(layer, $"it cannot be upsampled by {factor}");

    /// <summary>Maximum over squares that do not overlap.</summary>
    public SymbolicTensor MaxPool(int window) => window >= 1
        ? Append("max_pool", new MaxPoolNode(window))
        : throw builder.Error(layer, $"a window of {window} pixels is empty");

    private SymbolicTensor Append(
        string operation, GraphNode next, int? channels = null, SymbolicTensor? other = null) => builder.Append(
            next,
            builder.DerivedName(layer, operation),
            channels ?? Channels,
            layer,
            other is null ? [node.Index] : [node.Index, other.Node.Index]);

    private SymbolicTensor AppendLayer(string name, GraphNode next, int channels) =>
        builder.Append(next, name, channels, name, [node.Index]);

    private string Ones(string name, string parameter, bool trainable = true) =>
        builder.Parameter($"{name}.{parameter}", [Channels], Initialization.Ones, trainable);

    private string? Bias(string name, int channels, bool isThere = true) =>
        isThere ? builder.Parameter($"{name}.bias", [channels], Initialization.Zeros) : null;

    private void CheckJoin(string operation, SymbolicTensor other)
    {
        builder.CheckOwn(other);
        if (other.Extent != Extent)
        {
            throw builder.Error(
                builder.DerivedName(layer, operation),
                $"'{node.Name}' has {Extent} and '{other.Node.Name}' has {other.Extent} pixels a side; strides and " +
                "padding on both paths must lead to the same size");
        }
    }

    private void CheckWindow(string name, int channels, int kernel, int stride, int pad)
    {
        if (channels < 1 || kernel < 1 || stride < 1 || pad < 0)
        {
            throw builder.Error(
                name,
                $"{channels} channels, kernel {kernel}, stride {stride} and padding {pad} are not all positive " +
                "(padding may be 0)");
        }
    }
}
