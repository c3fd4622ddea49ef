namespace MkdSeg.Training.Networks;

/// <summary>max(x, 0).</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
public sealed record ReluNode(int Index, string Name, int Channels, int Input)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>x where x ≥ 0, Slope · x below.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Slope">Slope below zero.</param>
public sealed record LeakyReluNode(int Index, string Name, int Channels, int Input, float Slope)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Hyperbolic tangent.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
public sealed record TanhNode(int Index, string Name, int Channels, int Input)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Inverse hyperbolic tangent.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
public sealed record AtanhNode(int Index, string Name, int Channels, int Input)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>x, held within [Minimum, Maximum].</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
/// <param name="Minimum">Smallest value of the result.</param>
/// <param name="Maximum">Largest value of the result.</param>
public sealed record ClipNode(int Index, string Name, int Channels, int Input, float Minimum, float Maximum)
    : UnaryNode(Index, Name, Channels, Input);

/// <summary>Softmax over the channels of each pixel.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input"><inheritdoc cref="UnaryNode" path="/param[@name='Input']"/></param>
public sealed record SoftmaxNode(int Index, string Name, int Channels, int Input)
    : UnaryNode(Index, Name, Channels, Input);
