namespace MkdSeg.Training.Networks;

/// <summary>
/// Records a network: start at <see cref="Input"/>, chain operations on the <see cref="SymbolicTensor"/>s, end with
/// <see cref="Build"/>. Channels and sizes are checked as the network is described. Layer names are unique in a network
/// and name its parameters ("decode1.conv2" has "decode1.conv2.weight"); networks that use the same name share them, so
/// the name of a modality-specific normalisation layer includes the modality.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly string _name;
    private readonly Func<int, Initialization> _kernels;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ParameterSpec> _parameters = [];
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);

    /// <summary>Starts a network; <paramref name="kernels"/> returns a convolution's initialisation for its fan-in.</summary>
    public GraphBuilder(string name, int inputChannels, Func<int, Initialization> kernels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        (_name, _kernels) = (name, kernels);
        Input = Append(new InputNode(), "input", inputChannels, "input", []);
    }

    public SymbolicTensor Input { get; }

    /// <summary>Ends the description. Every operation must lead to the output.</summary>
    public NetworkGraph Build(SymbolicTensor output, string outputName)
    {
        CheckOwn(output);
        var used = _nodes.SelectMany(node => node.Inputs).Append(output.Node.Index).ToHashSet();
        var unused = _nodes.Find(node => !used.Contains(node.Index));
        return unused is null && output.Node.Index == _nodes.Count - 1
            ? new NetworkGraph(_name, outputName, [.. _nodes], [.. _parameters])
            : throw Error((unused ?? _nodes[^1]).Name, "its result does not lead to the output");
    }

    /// <summary>Returns a name for an operation without its own: the layer's name and the operation's.</summary>
    public string DerivedName(string layer, string operation)
    {
        var name = $"{layer}.{operation}";
        for (var i = 2; _nodeNames.Contains(name); i++)
            name = $"{layer}.{operation}{i}";
        return name;
    }

    public SymbolicTensor Append(GraphNode node, string name, int channels, string layer, IReadOnlyList<int> inputs)
    {
        if (!_nodeNames.Add(name))
            throw Error(name, "the name is used by an earlier layer; each layer needs its own name");

        var extent = Extent.Input;
        if (inputs.Count > 0)
        {
            var input = _nodes[inputs[0]].Extent;
            extent = input.Rescaled(node.Up, node.Down, node.SizeAfter(input.Offset));
        }

        node = node with { Index = _nodes.Count, Name = name, Channels = channels, Inputs = inputs, Extent = extent };
        _nodes.Add(node);
        return new SymbolicTensor(this, node, layer);
    }

    public string Kernel(string layer, long[] shape, int fanIn) => Parameter($"{layer}.weight", shape, _kernels(fanIn));

    public string Parameter(string name, long[] shape, Initialization initialization, bool trainable = true)
    {
        if (_parameters.Exists(spec => spec.Name == name))
            throw Error(name, "the network already has a parameter of that name");
        _parameters.Add(new ParameterSpec(name, shape, initialization, trainable));
        return name;
    }

    public void CheckOwn(SymbolicTensor x)
    {
        if (!ReferenceEquals(x.Builder, this))
            throw Error(x.Node.Name, "the tensor belongs to another network");
    }

    public ArgumentException Error(string layer, string problem) =>
        new($"Layer '{layer}' of network '{_name}' does not fit: {problem}.");
}
