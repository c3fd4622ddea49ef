namespace MkdSeg.Training.Networks;

/// <summary>
/// Describes a network: its operations in order and the parameters they read. It computes nothing; training interprets it as
/// tensor operations, <see cref="Onnx.OnnxWriter"/> as ONNX nodes. Input (N, C_in, H, W), output (N, C_out, H', W').
/// </summary>
internal sealed class NetworkGraph
{
    /// <summary>Largest size tried when looking for the smallest one that fits, for a message.</summary>
    private const int LargestSizeTried = 4096;

    internal NetworkGraph(
        string name, string outputName, IReadOnlyList<GraphNode> nodes, IReadOnlyList<ParameterSpec> parameters)
    {
        (Name, OutputName, Nodes, Parameters) = (name, outputName, nodes, parameters);
        SizeMultiple = FindSizeMultiple();
    }

    public string Name { get; }
    public string InputName { get; } = "image";

    /// <summary>The result's name in an exported model: probabilities, logits, translated or realness.</summary>
    public string OutputName { get; }

    /// <summary>All operations, inputs before users: first the <see cref="InputNode"/>, last the output.</summary>
    public IReadOnlyList<GraphNode> Nodes { get; }

    public GraphNode Output => Nodes[^1];
    public int InputChannels => Nodes[0].Channels;
    public int OutputChannels => Output.Channels;

    /// <summary>Weights and buffers, in the order in which the network uses them.</summary>
    public IReadOnlyList<ParameterSpec> Parameters { get; }

    /// <summary>Number of trainable values.</summary>
    public long ParameterCount => Parameters.Where(spec => spec.Trainable).Sum(spec => spec.Length);

    /// <summary>Height and width must be multiples of this, so that halving and doubling restores them.</summary>
    public int SizeMultiple { get; }

    /// <summary>Returns the same network, ending in the softmax over its channels.</summary>
    public NetworkGraph WithSoftmax()
    {
        if (Output is SoftmaxNode)
            return this;
        var softmax = new SoftmaxNode
        {
            Index = Nodes.Count, Name = "softmax", Channels = OutputChannels, Inputs = [Output.Index],
            Extent = Output.Extent,
        };
        return new NetworkGraph(Name, "probabilities", [.. Nodes, softmax], Parameters);
    }

    /// <summary>Rejects an image size that the network cannot process.</summary>
    public void CheckSize(int height, int width)
    {
        var refusal = Indivisible(height, width) ?? TooSmall(height, width);
        if (refusal is not null)
            throw new ArgumentException($"Network '{Name}' cannot process {height}×{width} pixels: {refusal}.");
    }

    public (int Height, int Width) OutputSize(int height, int width)
    {
        CheckSize(height, width);
        return (SizesAt(height)[^1], SizesAt(width)[^1]);
    }

    public override string ToString() =>
        $"{Name}: {InputChannels} → {OutputChannels} channels, {Nodes.Count} operations, {ParameterCount} parameters";

    private string? Indivisible(int height, int width)
    {
        var size = height % SizeMultiple != 0 ? height : width;
        if (size % SizeMultiple == 0)
            return null;

        var sizes = SizesAt(size);
        var blamed = Nodes.First(node =>
            node.Down > 1 && (sizes[node.Inputs[0]] - Nodes[node.Inputs[0]].Extent.Offset) % node.Down != 0);
        var below = size / SizeMultiple * SizeMultiple;
        var fitting = below > 0 ? $"{below} or {below + SizeMultiple}" : $"{SizeMultiple}";
        return $"layer '{blamed.Name}' would get {sizes[blamed.Inputs[0]]} pixels, which its stride of {blamed.Down} " +
            $"does not divide; height and width must be multiples of {SizeMultiple} ({fitting} would fit)";
    }

    private string? TooSmall(int height, int width)
    {
        if (FirstRefusal(height, width) is not { } refusal)
            return null;

        for (var size = SizeMultiple; size <= LargestSizeTried; size += SizeMultiple)
        {
            if (FirstRefusal(size, size) is null)
                return $"{refusal}; the smallest square that fits is {size}×{size}";
        }

        return refusal;
    }

    private string? FirstRefusal(int height, int width)
    {
        int[] heights = SizesAt(height), widths = SizesAt(width);
        foreach (var node in Nodes)
        {
            if (node.Inputs.Count == 0)
            {
                if (height < 1 || width < 1)
                    return "an image has at least one pixel";
                continue;
            }

            int inputHeight = heights[node.Inputs[0]], inputWidth = widths[node.Inputs[0]];
            if (node.Refusal(inputHeight, inputWidth) is { } refusal)
                return $"layer '{node.Name}' would get {inputHeight}×{inputWidth}, but {refusal}";
        }

        return null;
    }

    private int[] SizesAt(int size)
    {
        var sizes = new int[Nodes.Count];
        foreach (var node in Nodes)
            sizes[node.Index] = node.Inputs.Count == 0 ? size : node.SizeAfter(sizes[node.Inputs[0]]);
        return sizes;
    }

    /// <summary>Finds the smallest divisor of the total stride for which every join fits; one period is decisive.</summary>
    private int FindSizeMultiple()
    {
        var stride = Nodes.Aggregate(1, (lcm, node) =>
            lcm / (int)Extent.GreatestCommonDivisor(lcm, node.Extent.Down) * node.Extent.Down);
        return Enumerable.Range(1, stride)
            .First(multiple => stride % multiple == 0 && Enumerable.Range(0, stride / multiple)
                .All(step => Joins(LargestSizeTried * stride + step * multiple)));

        bool Joins(int size)
        {
            var sizes = SizesAt(size);
            return Nodes.All(node => node.Inputs.All(input => sizes[input] == sizes[node.Inputs[0]]))
                && (Output.Extent.Down > 1 || sizes[^1] == size * Output.Extent.Up + Output.Extent.Offset);
        }
    }
}
