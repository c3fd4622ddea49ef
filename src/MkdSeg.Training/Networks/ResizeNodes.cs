namespace MkdSeg.Training.Networks;

/// <summary>Adds a border that mirrors the image without repeating its outermost pixels.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Pad">Width of the border on each of the four sides, pixels.</param>
public sealed record ReflectPadNode(int Index, string Name, int Channels, int Input, int Pad)
    : UnaryNode(Index, Name, Channels, Input)
{
    internal override int SizeAfter(int size) => size + 2 * Pad;

    internal override string? Refusal(int height, int width) =>
        Math.Min(height, width) <= Pad ? $"mirroring a border of {Pad} takes at least {Pad + 1} pixels" : null;
}

/// <summary>Adds a border of zeros.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Pad">Width of the border on each of the four sides, pixels.</param>
public sealed record ZeroPadNode(int Index, string Name, int Channels, int Input, int Pad)
    : UnaryNode(Index, Name, Channels, Input)
{
    internal override int SizeAfter(int size) => size + 2 * Pad;
}

/// <summary>Adds channels of zeros before and after those of the input.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Before">Channels added in front.</param>
/// <param name="After">Channels added behind.</param>
public sealed record ZeroPadChannelsNode(int Index, string Name, int Channels, int Input, int Before, int After)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>
/// Bilinear enlargement where pixel centres lie at half-integers: align_corners = false in PyTorch, half_pixel in ONNX.
/// Beyond the outermost centres the outermost pixel is repeated.
/// </summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Factor">Enlargement of height and width.</param>
public sealed record UpsampleLinearNode(int Index, string Name, int Channels, int Input, int Factor)
    : UnaryNode(Index, Name, Channels, Input)
{
    internal override int Up => Factor;

    internal override int SizeAfter(int size) => size * Factor;
}

/// <summary>Mean of each Window × Window square; squares do not overlap, an incomplete last one is left out.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Window">Side and stride of the window, pixels.</param>
public sealed record AveragePoolNode(int Index, string Name, int Channels, int Input, int Window)
    : UnaryNode(Index, Name, Channels, Input)
{
    internal override int Down => Window;

    internal override int SizeAfter(int size) => FloorDivide(size, Window);
}

/// <summary>Largest of each Window × Window square; they do not overlap, an incomplete last one is left out.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Window">Side and stride of the window, pixels.</param>
public sealed record MaxPoolNode(int Index, string Name, int Channels, int Input, int Window)
    : UnaryNode(Index, Name, Channels, Input)
{
    internal override int Down => Window;

    internal override int SizeAfter(int size) => FloorDivide(size, Window);
}
