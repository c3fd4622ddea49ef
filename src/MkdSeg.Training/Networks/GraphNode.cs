namespace MkdSeg.Training.Networks;

/// <summary>
/// One operation of a recorded network. Nodes are data: an interpreter walks <see cref="NetworkGraph.Nodes"/> in order,
/// switches on the node's type and stores its result under <see cref="Index"/>, where later nodes find their inputs.
/// Results are (N, C, H, W). <see cref="Name"/> is unique in the graph: the layer's name, or layer and operation.
/// </summary>
internal abstract record GraphNode
{
    public int Index { get; init; }
    public string Name { get; init; } = "";
    public int Channels { get; init; }

    /// <summary>Indices of the nodes whose results this one uses, in order.</summary>
    public IReadOnlyList<int> Inputs { get; init; } = [];

    /// <summary>Size of the result relative to the network's input.</summary>
    public Extent Extent { get; init; } = Extent.Input;

    /// <summary>Names of the weights and buffers that the node reads.</summary>
    public virtual IReadOnlyList<string> ParameterNames => [];

    /// <summary>Factors by which the operation shrinks and enlarges height and width.</summary>
    public virtual int Down => 1;

    public virtual int Up => 1;

    /// <summary>Returns the height (or width) after the operation; an offset changes in the same way.</summary>
    public virtual int SizeAfter(int size) => size;

    /// <summary>Returns why an input of this height and width is rejected, or null.</summary>
    public virtual string? Refusal(int height, int width) =>
        SizeAfter(height) < 1 || SizeAfter(width) < 1 ? "nothing would be left after it" : null;

    /// <summary>Returns the floor of size / divisor, for negative offsets too.</summary>
    private protected static int FloorDivide(int size, int divisor) =>
        size >= 0 ? size / divisor : -((-size + divisor - 1) / divisor);
}

/// <summary>A size relative to the network's input: size · Up / Down + Offset, in lowest terms.</summary>
internal readonly record struct Extent(int Up, int Down, int Offset)
{
    public static Extent Input { get; } = new(1, 1, 0);

    public override string ToString()
    {
        var scale = Down == 1 ? Up == 1 ? "size" : $"size·{Up}" : Up == 1 ? $"size/{Down}" : $"size·{Up}/{Down}";
        return Offset == 0 ? scale : Offset > 0 ? $"{scale}+{Offset}" : $"{scale}−{-Offset}";
    }

    public Extent Rescaled(int up, int down, int offset)
    {
        long numerator = (long)Up * up, denominator = (long)Down * down;
        var divisor = GreatestCommonDivisor(numerator, denominator);
        return new((int)(numerator / divisor), (int)(denominator / divisor), offset);
    }

    public static long GreatestCommonDivisor(long a, long b) => b == 0 ? a : GreatestCommonDivisor(b, a % b);
}

internal sealed record InputNode : GraphNode;

/// <summary>
/// 2-D cross-correlation, square kernel, zero padding. Weight (C_out, C_in, Kernel, Kernel), bias (C_out) or null.
/// </summary>
internal sealed record ConvNode(string Weight, string? Bias, int Kernel, int Stride, int Pad) : GraphNode
{
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];
    public override int Down => Stride;

    public override int SizeAfter(int size) => FloorDivide(size + 2 * Pad - Kernel, Stride) + 1;
}

/// <summary>Weight (C_in, C_out, K, K); Pad cuts each side, OutputPadding adds below and right.</summary>
internal sealed record ConvTransposeNode(
    string Weight, string? Bias, int Kernel, int Stride, int Pad, int OutputPadding) : GraphNode
{
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];
    public override int Up => Stride;

    public override int SizeAfter(int size) => (size - 1) * Stride - 2 * Pad + Kernel + OutputPadding;
}

/// <summary>Normalises each image and channel (biased variance), then scales and shifts if it has parameters.</summary>
internal sealed record InstanceNormNode(string? Scale, string? Shift, float Epsilon) : GraphNode
{
    public override IReadOnlyList<string> ParameterNames => Scale is null ? [] : [Scale, Shift!];

    public override string? Refusal(int height, int width) =>
        height * width < 2 ? "a single pixel has no variance to normalise by" : null;
}

/// <summary>
/// Batch statistics in training, running statistics at inference; Momentum is the batch's share in the running statistics.
/// </summary>
internal sealed record BatchNormNode(
    string Scale, string Shift, string RunningMean, string RunningVariance, float Epsilon, float Momentum) : GraphNode
{
    public override IReadOnlyList<string> ParameterNames => [Scale, Shift, RunningMean, RunningVariance];
}

/// <summary>max(x, 0).</summary>
internal sealed record ReluNode : GraphNode;

/// <summary>x where x ≥ 0, Slope · x below.</summary>
internal sealed record LeakyReluNode(float Slope) : GraphNode;

internal sealed record TanhNode : GraphNode;

internal sealed record AtanhNode : GraphNode;

/// <summary>x clamped to [Minimum, Maximum].</summary>
internal sealed record ClipNode(float Minimum, float Maximum) : GraphNode;

/// <summary>Softmax over the channels of each pixel.</summary>
internal sealed record SoftmaxNode : GraphNode;

/// <summary>Sum of two tensors of the same size and number of channels.</summary>
internal sealed record AddNode : GraphNode;

/// <summary>The channels of two tensors of the same size, the left one's first.</summary>
internal sealed record ConcatNode : GraphNode;

/// <summary>Adds a border of Pad pixels that mirrors the image without repeating its outermost pixels.</summary>
internal sealed record ReflectPadNode(int Pad) : GraphNode
{
    public override int SizeAfter(int size) => size + 2 * Pad;

    public override string? Refusal(int height, int width) =>
        Math.Min(height, width) <= Pad ? $"mirroring a border of {Pad} needs at least {Pad + 1} pixels" : null;
}

/// <summary>Adds channels of zeros before and after those of the input.</summary>
internal sealed record ZeroPadChannelsNode(int Before, int After) : GraphNode;

/// <summary>Bilinear upsampling as with align_corners = false (PyTorch) and half_pixel (ONNX).</summary>
internal sealed record UpsampleLinearNode(int Factor) : GraphNode
{
    public override int Up => Factor;

    public override int SizeAfter(int size) => size * Factor;
}

/// <summary>Maximum of each Window × Window square; squares do not overlap, an incomplete last one is dropped.</summary>
internal sealed record MaxPoolNode(int Window) : GraphNode
{
    public override int Down => Window;

    public override int SizeAfter(int size) => FloorDivide(size, Window);
}
