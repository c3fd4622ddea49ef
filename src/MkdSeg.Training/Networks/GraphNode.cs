namespace MkdSeg.Training.Networks;

/// <summary>
/// One operation of a recorded network. Nodes are data: an interpreter walks <see cref="NetworkGraph.Nodes"/> in order,
/// switches on the node's type and stores its result under <see cref="Index"/>, where later nodes find their inputs.
/// Results are (N, C, H, W). <see cref="Name"/> is unique in the graph: the layer's name, or layer and operation.
/// </summary>
internal abstract record GraphNode(int Index, string Name, int Channels)
{
    /// <summary>Size of the result relative to the network's input.</summary>
    public Extent Extent { get; init; } = Extent.Input;

    /// <summary>Indices of the nodes whose results this one takes, in order.</summary>
    public abstract IReadOnlyList<int> Inputs { get; }

    /// <summary>Names of the weights and buffers that the node reads.</summary>
    public virtual IReadOnlyList<string> ParameterNames => [];

    /// <summary>Factor by which the operation shrinks height and width.</summary>
    public virtual int Down => 1;

    /// <summary>Factor by which the operation enlarges height and width.</summary>
    public virtual int Up => 1;

    /// <summary>Height (or width) after the operation; an offset moves in the same way.</summary>
    public virtual int SizeAfter(int size) => size;

    /// <summary>Why an input of this height and width is refused, or null.</summary>
    public virtual string? Refusal(int height, int width) =>
        SizeAfter(height) < 1 || SizeAfter(width) < 1 ? "nothing would be left after it" : null;

    /// <summary>Floor of size / divisor, for negative offsets too.</summary>
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

internal sealed record InputNode(int Index, string Name, int Channels) : GraphNode(Index, Name, Channels)
{
    public override IReadOnlyList<int> Inputs => [];
}

internal abstract record UnaryNode(int Index, string Name, int Channels, int Input) : GraphNode(Index, Name, Channels)
{
    public override IReadOnlyList<int> Inputs => [Input];
}

/// <summary>2-D cross-correlation, square kernel, zero padding. Weight (C_out, C_in, Kernel, Kernel), bias (C_out) or null.</summary>
internal sealed record ConvNode(
    int Index, string Name, int Channels, int Input, string Weight, string? Bias, int Kernel, int Stride, int Pad)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];
    public override int Down => Stride;

    public override int SizeAfter(int size) => FloorDivide(size + 2 * Pad - Kernel, Stride) + 1;
}

/// <summary>Weight (C_in, C_out, K, K); Pad cuts each side, OutputPadding adds below and right.</summary>
internal sealed record ConvTransposeNode(
    int Index, string Name, int Channels, int Input, string Weight, string? Bias, int Kernel, int Stride, int Pad,
    int OutputPadding)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];
    public override int Up => Stride;

    public override int SizeAfter(int size) => (size - 1) * Stride - 2 * Pad + Kernel + OutputPadding;
}

/// <summary>Normalises each image and channel (biased variance), then scales and shifts, if it can.</summary>
internal sealed record InstanceNormNode(
    int Index, string Name, int Channels, int Input, string? Scale, string? Shift, float Epsilon)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override IReadOnlyList<string> ParameterNames => Scale is null ? [] : [Scale, Shift!];

    public override string? Refusal(int height, int width) =>
        height * width < 2 ? "a single pixel has no variance to normalise by" : null;
}

/// <summary>Batch statistics in training, running ones in use; Momentum is the batch's share in these.</summary>
internal sealed record BatchNormNode(
    int Index, string Name, int Channels, int Input, string Scale, string Shift, string RunningMean,
    string RunningVariance, float Epsilon, float Momentum)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override IReadOnlyList<string> ParameterNames => [Scale, Shift, RunningMean, RunningVariance];
}

/// <summary>max(x, 0).</summary>
internal sealed record ReluNode(int Index, string Name, int Channels, int Input) : UnaryNode(Index, Name, Channels, Input);

/// <summary>x where x ≥ 0, Slope · x below.</summary>
internal sealed record LeakyReluNode(int Index, string Name, int Channels, int Input, float Slope)
    : UnaryNode(Index, Name, Channels, Input);

internal sealed record TanhNode(int Index, string Name, int Channels, int Input) : UnaryNode(Index, Name, Channels, Input);

internal sealed record AtanhNode(int Index, string Name, int Channels, int Input) : UnaryNode(Index, Name, Channels, Input);

/// <summary>x clamped to [Minimum, Maximum].</summary>
internal sealed record ClipNode(int Index, string Name, int Channels, int Input, float Minimum, float Maximum)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Softmax over the channels of each pixel.</summary>
internal sealed record SoftmaxNode(int Index, string Name, int Channels, int Input)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Sum of two tensors of the same size and number of channels.</summary>
internal sealed record AddNode(int Index, string Name, int Channels, int Left, int Right) : GraphNode(Index, Name, Channels)
{
    public override IReadOnlyList<int> Inputs => [Left, Right];
}

/// <summary>The channels of two tensors of the same size, those of the left one first.</summary>
internal sealed record ConcatNode(int Index, string Name, int Channels, int Left, int Right)
    : GraphNode(Index, Name, Channels)
{
    public override IReadOnlyList<int> Inputs => [Left, Right];
}

/// <summary>Adds a border of Pad pixels that mirrors the image without repeating its outermost pixels.</summary>
internal sealed record ReflectPadNode(int Index, string Name, int Channels, int Input, int Pad)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override int SizeAfter(int size) => size + 2 * Pad;

    public override string? Refusal(int height, int width) =>
        Math.Min(height, width) <= Pad ? $"mirroring a border of {Pad} takes at least {Pad + 1} pixels" : null;
}

/// <summary>Adds channels of zeros before and after those of the input.</summary>
internal sealed record ZeroPadChannelsNode(int Index, string Name, int Channels, int Input, int Before, int After)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Bilinear enlargement as align_corners = false (PyTorch) and half_pixel (ONNX) have it.</summary>
internal sealed record UpsampleLinearNode(int Index, string Name, int Channels, int Input, int Factor)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override int Up => Factor;

    public override int SizeAfter(int size) => size * Factor;
}

/// <summary>Maximum of each Window × Window square; squares do not overlap, an incomplete last one is dropped.</summary>
internal sealed record MaxPoolNode(int Index, string Name, int Channels, int Input, int Window)
    : UnaryNode(Index, Name, Channels, Input)
{
    public override int Down => Window;

    public override int SizeAfter(int size) => FloorDivide(size, Window);
}
