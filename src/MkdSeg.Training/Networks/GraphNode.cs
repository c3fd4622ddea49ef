namespace MkdSeg.Training.Networks;

/// <summary>
/// One operation of a recorded network. Nodes are data: an interpreter walks <see cref="NetworkGraph.Nodes"/> in order,
/// switches on the node's type and keeps its result under <see cref="Index"/>, where later nodes look for their inputs.
/// Signals are (N, C, H, W).
/// </summary>
/// <param name="Index">Position in <see cref="NetworkGraph.Nodes"/>; inputs have smaller indices.</param>
/// <param name="Name">Unique in the graph: the layer's name, or the layer's name and the operation.</param>
/// <param name="Channels">Channels of the result.</param>
public abstract record GraphNode(int Index, string Name, int Channels)
{
    /// <summary>How large the result is, relative to the network's input.</summary>
    public Extent Extent { get; internal init; } = Extent.Input;

    /// <summary>Indices of the nodes whose results this one takes, in order.</summary>
    public abstract IReadOnlyList<int> Inputs { get; }

    /// <summary>Names of the weights and buffers that the node reads.</summary>
    public virtual IReadOnlyList<string> ParameterNames => [];

    /// <summary>Factor by which the operation shrinks height and width.</summary>
    internal virtual int Down => 1;

    /// <summary>Factor by which the operation enlarges height and width.</summary>
    internal virtual int Up => 1;

    /// <summary>
    /// Height (or width) after the operation. Moves an offset the same way as a size, because a stride that divides
    /// the scaled part passes through the floor of the division.
    /// </summary>
    internal virtual int SizeAfter(int size) => size;

    /// <summary>Why an input of this height and width cannot be taken, or null.</summary>
    internal virtual string? Refusal(int height, int width) =>
        SizeAfter(height) < 1 || SizeAfter(width) < 1 ? "nothing would be left after it" : null;

    /// <summary>Floor of size / divisor, for negative offsets too.</summary>
    private protected static int FloorDivide(int size, int divisor) =>
        size >= 0 ? size / divisor : -((-size + divisor - 1) / divisor);
}

/// <summary>The network's input image.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels">Channels of the image.</param>
public sealed record InputNode(int Index, string Name, int Channels) : GraphNode(Index, Name, Channels)
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [];
}

/// <summary>An operation with a single input.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Input">Index of the node whose result is taken.</param>
public abstract record UnaryNode(int Index, string Name, int Channels, int Input) : GraphNode(Index, Name, Channels)
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Input];
}
