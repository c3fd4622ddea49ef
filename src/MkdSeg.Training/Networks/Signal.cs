namespace MkdSeg.Training.Networks;

/// <summary>
/// The result of an operation while a network is described, (N, <see cref="Channels"/>, H, W). Every method records one
/// more operation and returns its result; what does not fit is refused at once with an <see cref="ArgumentException"/>
/// that names the layer.
/// </summary>
public sealed class Signal
{
    private const float Epsilon = 1e-5f;

    private readonly string _layer;

    internal Signal(GraphBuilder builder, GraphNode node, string layer) =>
        (Builder, Node, _layer) = (builder, node, layer);

    /// <summary>Number of channels.</summary>
    public int Channels => Node.Channels;

    /// <summary>Height and width, relative to the network's input.</summary>
    public Extent Extent => Node.Extent;

    internal GraphBuilder Builder { get; }

    internal GraphNode Node { get; }

    /// <summary>Convolution with a square kernel; zero padding.</summary>
    /// <param name="name">The layer's name; its parameters are name.weight and name.bias.</param>
    /// <param name="channels">Channels of the result.</param>
    /// <param name="kernel">Side of the kernel, pixels.</param>
    /// <param name="stride">Step, pixels.</param>
    /// <param name="pad">Zeros added on each side, pixels.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    public Signal Conv(string name, int channels, int kernel, int stride = 1, int pad = 0, bool bias = true)
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
    /// <param name="name">The layer's name; its parameters are name.weight and name.bias.</param>
    /// <param name="channels">Channels of the result.</param>
    /// <param name="kernel">Side of the kernel, pixels.</param>
    /// <param name="stride">Enlargement.</param>
    /// <param name="pad">Pixels cut from each side of the result.</param>
    /// <param name="outputPadding">Pixels added at the lower and right side.</param>
    /// <param name="bias">Whether each output channel has a bias.</param>
    public Signal ConvTranspose(
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
    /// <param name="name">Name of a layer with scale (name.weight) and shift (name.bias); null for neither.</param>
    public Signal InstanceNorm(string? name = null) => Builder.Append(
        new InstanceNormNode(
            Builder.NextIndex, name ?? Builder.DerivedName(_layer, "norm"), Channels, Node.Index,
            name is null ? null : Builder.Parameter($"{name}.weight", [Channels], Initialization.Ones),
            name is null ? null : Builder.Parameter($"{name}.bias", [Channels], Initialization.Zeros),
            Epsilon),
        name ?? _layer);

    /// <summary>Batch normalisation, epsilon 1e-5, momentum 0.1.</summary>
    /// <param name="name">The layer's name; its parameters are name.weight, name.bias and the buffers
    /// name.running_mean and name.running_var.</param>
    public Signal BatchNorm(string name) => Builder.Append(
        new BatchNormNode(
            Builder.NextIndex, name, Channels, Node.Index,
            Builder.Parameter($"{name}.weight", [Channels], Initialization.Ones),
            Builder.Parameter($"{name}.bias", [Channels], Initialization.Zeros),
            Builder.Parameter($"{name}.running_mean", [Channels], Initialization.Zeros, trainable: false),
            Builder.Parameter($"{name}.running_var", [Channels], Initialization.Ones, trainable: false),
            Epsilon, Momentum: 0.1f),
        name);

    /// <summary>max(x, 0).</summary>
    public Signal Relu() => Append("relu", (index, name) => new ReluNode(index, name, Channels, Node.Index));

    /// <summary>x where x ≥ 0, slope · x below.</summary>
    /// <param name="slope">Slope below zero.</param>
    public Signal LeakyRelu(float slope = 0.2f) =>
        Append("leaky_relu", (index, name) => new LeakyReluNode(index, name, Channels, Node.Index, slope));

    /// <summary>Hyperbolic tangent.</summary>
    public Signal Tanh() => Append("tanh", (index, name) => new TanhNode(index, name, Channels, Node.Index));

    /// <summary>Inverse hyperbolic tangent; clip to within (−1, 1) before.</summary>
    public Signal Atanh() => Append("atanh", (index, name) => new AtanhNode(index, name, Channels, Node.Index));

    /// <summary>x, held within bounds.</summary>
    /// <param name="minimum">Smallest value of the result.</param>
    /// <param name="maximum">Largest value of the result.</param>
    public Signal Clip(float minimum, float maximum) => minimum <= maximum
        ? Append("clip", (index, name) => new ClipNode(index, name, Channels, Node.Index, minimum, maximum))
        : throw Builder.Error(_layer, $"nothing lies within [{minimum}, {maximum}]");

    /// <summary>Softmax over the channels of each pixel.</summary>
    public Signal Softmax() => Append("softmax", (index, name) => new SoftmaxNode(index, name, Channels, Node.Index));

    /// <summary>Sum with a signal of the same size and number of channels.</summary>
    /// <param name="other">The other summand.</param>
    public Signal Add(Signal other)
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

    /// <summary>The channels of this signal, then those of another of the same size.</summary>
    /// <param name="other">The signal whose channels come last.</param>
    public Signal Concat(Signal other)
    {
        CheckJoin("concat", other);
        return Append("concat", (index, name) =>
            new ConcatNode(index, name, Channels + other.Channels, Node.Index, other.Node.Index));
    }

    /// <summary>A border that mirrors the image without repeating its outermost pixels.</summary>
    /// <param name="pad">Width of the border on each side, pixels.</param>
    public Signal ReflectPad(int pad) => pad >= 1
        ? Append("reflect_pad", (index, name) => new ReflectPadNode(index, name, Channels, Node.Index, pad))
        : throw Builder.Error(_layer, $"a border of {pad} pixels cannot be added");

    /// <summary>A border of zeros.</summary>
    /// <param name="pad">Width of the border on each side, pixels.</param>
    public Signal ZeroPad(int pad) => pad >= 1
        ? Append("zero_pad", (index, name) => new ZeroPadNode(index, name, Channels, Node.Index, pad))
        : throw Builder.Error(_layer, $"a border of {pad} pixels cannot be added");

    /// <summary>Channels of zeros in front and behind.</summary>
    /// <param name="before">Channels added in front.</param>
    /// <param name="after">Channels added behind.</param>
    public Signal ZeroPadChannels(int before, int after) => before >= 0 && after >= 0
        ? Append("pad_channels", (index, name) =>
            new ZeroPadChannelsNode(index, name, before + Channels + after, Node.Index, before, after))
        : throw Builder.Error(_layer, $"{before} and {after} channels cannot be added");

    /// <summary>Bilinear enlargement, pixel centres at half-integers.</summary>
    /// <param name="factor">Enlargement of height and width.</param>
    public Signal UpsampleLinear(int factor = 2) => factor >= 1
        ? Append("upsample", (index, name) => new UpsampleLinearNode(index, name, Channels, Node.Index, factor))
        : throw Builder.Error(_layer, $"it cannot be enlarged {factor} times");

    /// <summary>Mean over squares that do not overlap.</summary>
    /// <param name="window">Side of the squares, pixels.</param>
    public Signal AveragePool(int window) => window >= 1
        ? Append("average_pool", (index, name) => new AveragePoolNode(index, name, Channels, Node.Index, window))
        : throw Builder.Error(_layer, $"a window of {window} pixels has nothing in it");

    /// <summary>Maximum over squares that do not overlap.</summary>
    /// <param name="window">Side of the squares, pixels.</param>
    public Signal MaxPool(int window) => window >= 1
        ? Append("max_pool", (index, name) => new MaxPoolNode(index, name, Channels, Node.Index, window))
        : throw Builder.Error(_layer, $"a window of {window} pixels has nothing in it");

    private Signal Append(string operation, Func<int, string, GraphNode> node) =>
        Builder.Append(node(Builder.NextIndex, Builder.DerivedName(_layer, operation)), _layer);

    private void CheckJoin(string operation, Signal other)
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
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (channels < 1 || kernel < 1 || stride < 1 || pad < 0)
        {
            throw Builder.Error(
                name,
                $"{channels} channels, kernel {kernel}, stride {stride} and padding {pad} are not all positive " +
                "(padding may be 0)");
        }
    }
}
