namespace MkdSeg.Training.Networks;

/// <summary>
/// Records a network: start at <see cref="Input"/>, chain operations on the <see cref="Signal"/>s, end with
/// <see cref="Build"/>. Channels and sizes are checked as the network is described. Layer names are unique in a network
/// and name its parameters ("decode1.conv2" has "decode1.conv2.weight"); networks that use the same name share them, so
/// a normalisation layer that each modality has for itself carries the modality in its name.
/// </summary>
public sealed class GraphBuilder
{
    private readonly string _name;
    private readonly Func<int, Initialization> _kernels;
    private readonly List<GraphNode> _nodes = [];
    private readonly List<ParameterSpec> _parameters = [];
    private readonly HashSet<string> _nodeNames = new(StringComparer.Ordinal);

    /// <summary>Starts a network.</summary>
    /// <param name="name">The network's name.</param>
    /// <param name="inputChannels">Channels of its input.</param>
    /// <param name="kernels">How convolution kernels start, given their fan-in: for example
    /// <see cref="Initialization.HeNormal"/>.</param>
    public GraphBuilder(string name, int inputChannels, Func<int, Initialization> kernels)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(inputChannels, 1);
        ArgumentNullException.ThrowIfNull(kernels);
        (_name, _kernels) = (name, kernels);
        Input = Append(new InputNode(0, "input", inputChannels), "input");
    }

    /// <summary>The input image.</summary>
    public Signal Input { get; }

    /// <summary>Ends the description. Every operation must lead to the output.</summary>
    /// <param name="output">The network's result.</param>
    /// <param name="outputName">What the result is called: <see cref="NetworkGraph.OutputName"/>.</param>
    /// <exception cref="ArgumentException">The result of an operation is used by nothing.</exception>
    public NetworkGraph Build(Signal output, string outputName)
    {
        CheckOwn(output);
        ArgumentException.ThrowIfNullOrEmpty(outputName);
        var used = _nodes.SelectMany(node => node.Inputs).Append(output.Node.Index).ToHashSet();
        var unused = _nodes.Find(node => !used.Contains(node.Index));
        return unused is null && output.Node.Index == _nodes.Count - 1
            ? new NetworkGraph(_name, outputName, [.. _nodes], [.. _parameters])
            : throw Error((unused ?? _nodes[^1]).Name, "its result does not lead to the output");
    }

    internal Initialization KernelInitialization(int fanIn) => _kernels(fanIn);

    /// <summary>Index of the next node.</summary>
    internal int NextIndex => _nodes.Count;

    /// <summary>A name for an operation without one of its own: the layer's and the operation's.</summary>
    internal string DerivedName(string layer, string operation)
    {
        var name = $"{layer}.{operation}";
        for (var i = 2; _nodeNames.Contains(name); i++)
            name = $"{layer}.{operation}{i}";
        return name;
    }

    internal Signal Append(GraphNode node, string layer)
    {
        if (!_nodeNames.Add(node.Name))
            throw Error(node.Name, "the name is taken by an earlier layer; layers need names of their own");

        var extent = Extent.Input;
        if (node.Inputs.Count > 0)
        {
            var input = _nodes[node.Inputs[0]].Extent;
            extent = input.Rescaled(node.Up, node.Down, node.SizeAfter(input.Offset));
        }

        node = node with { Extent = extent };
        _nodes.Add(node);
        return new Signal(this, node, layer);
    }

    internal string Parameter(string name, long[] shape, Initialization initialization, bool trainable = true)
    {
        if (_parameters.Exists(spec => spec.Name == name))
            throw Error(name, "the network has a parameter of that name already");
        _parameters.Add(new ParameterSpec(name, shape, initialization, trainable));
        return name;
    }

    internal void CheckOwn(Signal signal)
    {
        ArgumentNullException.ThrowIfNull(signal);
        if (!ReferenceEquals(signal.Builder, this))
            throw Error(signal.Node.Name, "the signal belongs to another network");
    }

    internal ArgumentException Error(string layer, string problem) =>
        new($"Layer '{layer}' of network '{_name}' does not fit: {problem}.");
}
