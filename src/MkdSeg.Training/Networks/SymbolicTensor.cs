namespace MkdSeg.Training.Networks;

/// <summary>
/// The result of an operation while a network is described, (N, <see cref="Channels"/>, H, W). Every method records one
/// more operation and returns its result; what does not fit is refused at once with an <see cref="ArgumentException"/>
/// that names the layer.
/// </summary>
internal sealed class SymbolicTensor
{
    private const float Epsilon = 1e-5f;

    private readonly string _layer;

    public SymbolicTensor(GraphBuilder builder, GraphNode node, string layer) =>
        (Builder, Node, _layer) = (builder, node, layer);

    public int Channels => Node.Channels;

    /// <summary>Height and width, relative to the network's input.</summary>
    public Extent Extent => Node.Extent;
    public GraphBuilder Builder { get; }
    public GraphNode Node { get; }

    /// <summary>Convolution with a square kernel; zero padding.</summary>
    public SymbolicTensor Conv(string name, int channels, int kernel, int stride = 1, int pad = 0, bool bias = true)
    {
        CheckWindow(name, channels, kernel, stride, pad);
        return Builder.Append(
            new ConvNode(
                Builder.NextIndex, name, channels, Node.Index,
                Builder.Parameter(
                    $"{name}.weight", [channels, Channels, kernel, kernel],
                    Builder.KernelInitialization(Channels * kernel * kernel)),
                bias ? Builder.Parameter($"{name}.bias", [channels], Initialization.Zeros) : null,
                kernel, stride, pad),
            name);
    }

    /// <summary>Transposed convolution with a square kernel.</summary>
    public SymbolicTensor ConvTranspose(
        string name, int channels, int kernel, int stride = 2, int pad = 0, int outputPadding = 0, bool bias = true)
    {
        CheckWindow(name, channels, kernel, stride, pad);
        if (outputPadding < 0 || outputPadding >= stride)
            throw Builder.Error(name, $"output padding {outputPadding} must be from 0 to below the stride {stride}");
        return Builder.Append(
            new ConvTransposeNode(
                Builder.NextIndex, name, channels, Node.Index,
                Builder.Parameter(
                    $"{name}.weight", [Channels, channels, kernel, kernel],
                    Builder.KernelInitialization(Math.Max(1, Channels * kernel * kernel / (stride * stride)))),
                bias ? Builder.Parameter($"{name}.bias", [channels], Initialization.Zeros) : null,
                kernel, stride, pad, outputPadding),
            name);
    }

    /// <summary>Instance normalisation, epsilon 1e-5.</summary>
    public SymbolicTensor InstanceNorm(string? name = null) => Builder.Append(
        new InstanceNormNode(
            Builder.NextIndex, name ?? Builder.DerivedName(_layer, "norm"), Channels, Node.Index,
            name is null ? null : Builder.Parameter($"{name}.weight", [Channels], Initialization.Ones),
            name is null ? null : Builder.Parameter($"{name}.bias", [Channels], Initialization.Zeros),
            Epsilon),
        name ?? _layer);

    /// <summary>Batch normalisation, epsilon 1e-5, momentum 0.1.</summary>
    public SymbolicTensor BatchNorm(string name) => Builder.Append(
        new BatchNormNode(
            Builder.NextIndex, name, Channels, Node.Index,
            Builder.Parameter($"{name}.weight", [Channels], Initialization.Ones),
            Builder.Parameter($"{name}.bias", [Channels], Initialization.Zeros),
            Builder.Parameter($"{name}.running_mean", [Channels], Initialization.Zeros, trainable: false),
            Builder.Parameter($"{name}.running_var", [Channels], Initialization.Ones, trainable: false),
            Epsilon, Momentum: 0.1f),
        name);

    /// <summary>max(x, 0).</summary>
    public SymbolicTensor Relu() => Append("relu", (index, name) => new ReluNode(index, name, Channels, Node.Index));

    /// <summary>x where x ≥ 0, slope · x below.</summary>
    public SymbolicTensor LeakyRelu(float slope = 0.2f) =>
        Append("leaky_relu", (index, name) => new LeakyReluNode(index, name, Channels, Node.Index, slope));

    public SymbolicTensor Tanh() => Append("tanh", (index, name) => new TanhNode(index, name, Channels, Node.Index));

    /// <summary>Inverse hyperbolic tangent; clip to within (−1, 1) before.</summary>
    public SymbolicTensor Atanh() => Append("atanh", (index, name) => new AtanhNode(index, name, Channels, Node.Index));

    public SymbolicTensor Clip(float minimum, float maximum) => minimum <= maximum
        ? Append("clip", (index, name) => new ClipNode(index, name, Channels, Node.Index, minimum, maximum))
        : throw Builder.Error(_layer, $"nothing lies within [{minimum}, {maximum}]");

    public SymbolicTensor Softmax() => Append("softmax", (index, name) => new SoftmaxNode(index, name, Channels, Node.Index));

    /// <summary>Sum with a tensor of the same size and number of channels.</summary>
    public SymbolicTensor Add(SymbolicTensor other)
    {
        CheckJoin("add", other);
        if (other.Channels != Channels)
        {
            throw Builder.Error(
                Builder.DerivedName(_layer, "add"),
                $"it adds {other.Channels} channels from '{other.Node.Name}' to {Channels} from '{Node.Name}'");
        }

        return Append("add", (index, name) => new AddNode(index, name, Channels, Node.Index, other.Node.Index));
    }

    /// <summary>The channels of this tensor, then those of another of the same size.</summary>
    public SymbolicTensor Concat(SymbolicTensor other)
    {
        CheckJoin("concat", other);
        return Append("concat", (index, name) =>
            new ConcatNode(index, name, Channels + other.Channels, Node.Index, other.Node.Index));
    }

    /// <summary>A border that mirrors the image without repeating its outermost pixels.</summary>
    public SymbolicTensor ReflectPad(int pad) => pad >= 1
        ? Append("reflect_pad", (index, name) => new ReflectPadNode(index, name, Channels, Node.Index, pad))
        : throw Builder.Error(_layer, $"a border of {pad} pixels cannot be added");

    /// <summary>Channels of zeros in front and behind.</summary>
    public SymbolicTensor ZeroPadChannels(int before, int after) => before >= 0 && after >= 0
        ? Append("pad_channels", (index, name) =>
            new ZeroPadChannelsNode(index, name, before + Channels + after, Node.Index, before, after))
        : throw Builder.Error(_layer, $"{before} and {after} channels cannot be added");

    /// <summary>Bilinear enlargement, pixel centres at half-integers.</summary>
    public SymbolicTensor UpsampleLinear(int factor = 2) => factor >= 1
        ? Append("upsample", (index, name) => new UpsampleLinearNode(index, name, Channels, Node.Index, factor))
        : throw Builder.Error(_layer, $"it cannot be enlarged {factor} times");

    /// <summary>Maximum over squares that do not overlap.</summary>
    public SymbolicTensor MaxPool(int window) => window >= 1
        ? Append("max_pool", (index, name) => new MaxPoolNode(index, name, Channels, Node.Index, window))
        : throw Builder.Error(_layer, $"a window of {window} pixels has nothing in it");

    private SymbolicTensor Append(string operation, Func<int, string, GraphNode> node) =>
        Builder.Append(node(Builder.NextIndex, Builder.DerivedName(_layer, operation)), _layer);

    private void CheckJoin(string operation, SymbolicTensor other)
    {
        Builder.CheckOwn(other);
        if (other.Extent != Extent)
        {
            throw Builder.Error(
                Builder.DerivedName(_layer, operation),
                $"'{Node.Name}' has {Extent} and '{other.Node.Name}' has {other.Extent} pixels a side; strides and " +
                "padding on both ways must lead to the same size");
        }
    }

    private void CheckWindow(string name, int channels, int kernel, int stride, int pad)
    {
        if (channels < 1 || kernel < 1 || stride < 1 || pad < 0)
        {
            throw Builder.Error(
                name,
                $"{channels} channels, kernel {kernel}, stride {stride} and padding {pad} are not all positive " +
                "(padding may be 0)");
        }
    }
}
