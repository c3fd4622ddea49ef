namespace MkdSeg.Training.Networks;

/// <summary>2-D convolution (cross-correlation) with a square kernel and zero padding.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Weight">Parameter of shape (C_out, C_in, Kernel, Kernel).</param>
/// <param name="Bias">Parameter of shape (C_out), or null.</param>
/// <param name="Kernel">Side of the kernel, pixels.</param>
/// <param name="Stride">Step, pixels.</param>
/// <param name="Pad">Zeros added on each of the four sides, pixels.</param>
public sealed record ConvNode(
    int Index, string Name, int Channels, int Input, string Weight, string? Bias, int Kernel, int Stride, int Pad)
    : UnaryNode(Index, Name, Channels, Input)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];

    internal override int Down => Stride;

    internal override int SizeAfter(int size) => FloorDivide(size + 2 * Pad - Kernel, Stride) + 1;
}

/// <summary>2-D transposed convolution with a square kernel.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Weight">Parameter of shape (C_in, C_out, Kernel, Kernel).</param>
/// <param name="Bias">Parameter of shape (C_out), or null.</param>
/// <param name="Kernel">Side of the kernel, pixels.</param>
/// <param name="Stride">Enlargement.</param>
/// <param name="Pad">Pixels cut from each of the four sides of the result.</param>
/// <param name="OutputPadding">Pixels added at the lower and right side of the result.</param>
public sealed record ConvTransposeNode(
    int Index, string Name, int Channels, int Input, string Weight, string? Bias, int Kernel, int Stride, int Pad,
    int OutputPadding)
    : UnaryNode(Index, Name, Channels, Input)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Bias is null ? [Weight] : [Weight, Bias];

    internal override int Up => Stride;

    internal override int SizeAfter(int size) => (size - 1) * Stride - 2 * Pad + Kernel + OutputPadding;
}

/// <summary>
/// Instance normalisation: mean 0 and (biased) variance 1 over the pixels of each image and channel, in training and
/// use alike; then scale and shift where the layer has them.
/// </summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Scale">Parameter of shape (C), or null for 1. Null exactly when <paramref name="Shift"/> is.</param>
/// <param name="Shift">Parameter of shape (C), or null for 0.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record InstanceNormNode(
    int Index, string Name, int Channels, int Input, string? Scale, string? Shift, float Epsilon)
    : UnaryNode(Index, Name, Channels, Input)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => Scale is null ? [] : [Scale, Shift!];

    internal override string? Refusal(int height, int width) =>
        height * width < 2 ? "the statistics of a single pixel say nothing" : null;
}

/// <summary>
/// Batch normalisation: by the statistics of the batch in training, by the running statistics in use; then scale and
/// shift.
/// </summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Scale">Parameter of shape (C).</param>
/// <param name="Shift">Parameter of shape (C).</param>
/// <param name="RunningMean">Buffer of shape (C).</param>
/// <param name="RunningVariance">Buffer of shape (C).</param>
/// <param name="Epsilon">Added to the variance.</param>
/// <param name="Momentum">Share of the batch in the new running statistics.</param>
public sealed record BatchNormNode(
    int Index, string Name, int Channels, int Input, string Scale, string Shift, string RunningMean,
    string RunningVariance, float Epsilon, float Momentum)
    : UnaryNode(Index, Name, Channels, Input)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> ParameterNames => [Scale, Shift, RunningMean, RunningVariance];
}
