namespace MkdSeg.Training.Networks;

/// <summary>Sum of two signals of the same size and number of channels.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Left">Index of the first summand.</param>
/// <param name="Right">Index of the second summand.</param>
public sealed record AddNode(int Index, string Name, int Channels, int Left, int Right)
    : GraphNode(Index, Name, Channels)
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Left, Right];
}

/// <summary>The channels of two signals of the same size, those of the left one first.</summary>
/// <param name="Index"><inheritdoc cref="GraphNode" path="/param[@name='Index']"/></param>
/// <param name="Name"><inheritdoc cref="GraphNode" path="/param[@name='Name']"/></param>
/// <param name="Channels"><inheritdoc cref="GraphNode" path="/param[@name='Channels']"/></param>
/// <param name="Left">Index of the node that gives the first channels.</param>
/// <param name="Right">Index of the node that gives the other channels.</param>
public sealed record ConcatNode(int Index, string Name, int Channels, int Left, int Right)
    : GraphNode(Index, Name, Channels)
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Inputs => [Left, Right];
}
