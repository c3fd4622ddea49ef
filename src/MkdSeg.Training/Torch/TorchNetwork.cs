using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Torch;

/// <summary>Runs a recorded network on tensors; several networks may share a parameter set.</summary>
internal sealed class TorchNetwork
{
    private readonly ParameterSet _parameters;
    private readonly MixedPrecisionPolicy? _mixed;

    // _lastUses[i]: the nodes whose results nothing after node i reads.
    private readonly int[][] _lastUses;

    public TorchNetwork(NetworkGraph graph, ParameterSet parameters, Precision precision = Precision.Fp32)
        : this(graph, parameters, MixedPrecisionPolicy.Of(precision, parameters.Device))
    {
    }

    public TorchNetwork(NetworkGraph graph, ParameterSet parameters, MixedPrecisionPolicy? mixed)
    {
        (Graph, Name, _parameters, _mixed) = (graph, graph.Name, parameters, mixed);
        _lastUses = LastUses(graph);
        TreatsSamplesAlone = !graph.Nodes.Any(node => node is BatchNormNode);
    }

    public NetworkGraph Graph { get; }

    /// <summary>The network's name in a profile.</summary>
    public string Name { get; init; }

    /// <summary>Whether a sample's result is independent of the rest of its batch.</summary>
    public bool TreatsSamplesAlone { get; }

    /// <summary>Runs on (N, C, H, W); the 32-bit result belongs to the caller's dispose scope.</summary>
    public Tensor Forward(Tensor x, NormStatistics statistics = NormStatistics.Updated)
    {
        using var scope = NewDisposeScope();
        var results = new Tensor[Graph.Nodes.Count];
        for (var i = 0; i < results.Length; i++)
        {
            var node = Graph.Nodes[i];
            Tensor[] operands = [.. node.Inputs.Select(input => results[input])];
            results[i] = node is InputNode ? x
                : LayerProfile.Active is not { } profile ? Apply(node, operands, statistics)
                : profile.Measure(
                    Name, node, operands, _parameters.RequiresGradient, copies => Apply(node, copies, statistics));
            foreach (var used in _lastUses[i])
            {
                if (!ReferenceEquals(results[used], x))
                    results[used].Dispose();
            }
        }

        return MixedPrecisionPolicy.Result(results[^1]).MoveToOuterDisposeScope();
    }

    private Tensor Apply(GraphNode node, Tensor[] operands, NormStatistics statistics)
    {
        if (_mixed is null)
            return Apply(node, operands, name => _parameters[name], statistics);

        var format = _mixed.Of(node, operands);
        // Without gradients, nothing else needs the rounded copies, and a network has many.
        using var copies = NewDisposeScope();
        var result = Apply(
            node, [.. operands.Select(format.Operand)], name => format.Weight(_parameters[name]), statistics);
        return format.Result(result).MoveToOuterDisposeScope();
    }

    private Tensor Apply(
        GraphNode node, Tensor[] operands, Func<string, Tensor> weights, NormStatistics statistics) => node switch
    {
        ConvNode n => Convolution(n, operands[0], weights(n.Weight), Optional(n.Bias, weights)),
        ConvTransposeNode n => F.conv_transpose2d(
            operands[0], weights(n.Weight), Optional(n.Bias, weights), [n.Stride, n.Stride], [n.Pad, n.Pad],
            [n.OutputPadding, n.OutputPadding]),
        InstanceNormNode n => InstanceNorm(n, operands[0], weights),
        BatchNormNode n => BatchNorm(n, operands[0], statistics),
        ReluNode => operands[0].relu(),
        LeakyReluNode n => operands[0].leaky_relu(n.Slope),
        TanhNode => operands[0].tanh(),
        AtanhNode => operands[0].atanh(),
        // Its gradient takes one pass over memory, clamp's takes four; at exactly 0 and 6 it is 0, as in other frameworks.
        ClipNode { Minimum: 0, Maximum: 6 } => F.relu6(operands[0]),
        ClipNode n => operands[0].clamp(n.Minimum, n.Maximum),
        SoftmaxNode => operands[0].softmax(1),
        AddNode => operands[0] + operands[1],
        ConcatNode => cat([operands[0], operands[1]], 1),
        ReflectPadNode n => F.pad(operands[0], [n.Pad, n.Pad, n.Pad, n.Pad], PaddingModes.Reflect),
        ZeroPadChannelsNode n => F.pad(operands[0], [0, 0, 0, 0, n.Before, n.After]),
        UpsampleLinearNode n => F.interpolate(
            operands[0], [operands[0].shape[2] * n.Factor, operands[0].shape[3] * n.Factor],
            mode: InterpolationMode.Bilinear, align_corners: false),
        MaxPoolNode n => F.max_pool2d(operands[0], [n.Window, n.Window]),
        _ => throw new NotSupportedException(
            $"Layer '{node.Name}' of network '{Graph.Name}' is a {node.GetType().Name}, which has no tensor operation."),
    };

    private static Tensor Convolution(ConvNode n, Tensor x, Tensor kernels, Tensor? bias)
    {
        if (n is { Kernel: 1, Stride: 1, Pad: 0 } && x.dtype == ScalarType.Float32)
            return Product(x, kernels, bias);
        if (!ChannelsLast.Needs(kernels.shape))
            return Convolve(kernels, bias);

        if (x.shape[1] == 1)
            (x, kernels) = ChannelsLast.AddChannel(x, kernels);
        if (x.dtype == ScalarType.Float32)
            return Convolve(kernels, bias);

        (kernels, bias) = ChannelsLast.FillBlock(kernels, bias);
        return Convolve(kernels, bias).narrow(1, 0, n.Channels);

        Tensor Convolve(Tensor kernels, Tensor? bias) =>
            F.conv2d(x, kernels, bias, [n.Stride, n.Stride], [n.Pad, n.Pad]);
    }

    // With one thread, libtorch would try NNPACK for these, and warn on every pass if NNPACK does not support the processor.
    private static Tensor Product(Tensor x, Tensor kernels, Tensor? bias)
    {
        var (count, channels) = (x.shape[0], x.shape[1]);
        var product = kernels.reshape(1, -1, channels).expand(count, -1, channels).bmm(x.flatten(2));
        if (bias is not null)
            product = product.add(bias.reshape(1, -1, 1));
        return product.reshape(count, -1, x.shape[2], x.shape[3]);
    }

    private static Tensor InstanceNorm(InstanceNormNode n, Tensor input, Func<string, Tensor> weights)
    {
        var (scale, shift) = (Optional(n.Scale, weights), Optional(n.Shift, weights));
        if (scale is null && input.dtype != ScalarType.Float32)
        {
            // The engine keeps statistics in the format of scale and shift or, without them, in the input's.
            scale = ones([n.Channels], dtype: ScalarType.Float32, device: input.device);
            shift = zeros([n.Channels], dtype: ScalarType.Float32, device: input.device);
        }

        // With channels last, its backward pass takes twenty times as long.
        return F.group_norm(input.contiguous(), n.Channels, scale, shift, n.Epsilon);
    }

    private Tensor BatchNorm(BatchNormNode n, Tensor input, NormStatistics statistics)
    {
        var tracked = statistics != NormStatistics.Untouched;
        return F.batch_norm(
            input,
            tracked ? _parameters[n.RunningMean] : null,
            tracked ? _parameters[n.RunningVariance] : null,
            _parameters[n.Scale],
            _parameters[n.Shift],
            training: statistics != NormStatistics.Running,
            n.Momentum,
            n.Epsilon);
    }

    private static Tensor? Optional(string? name, Func<string, Tensor> weights) => name is null ? null : weights(name);

    private static int[][] LastUses(NetworkGraph graph)
    {
        var output = graph.Output.Index;
        var lastUse = new Dictionary<int, int>();
        for (var i = 0; i <= output; i++)
        {
            lastUse[i] = i;
            foreach (var input in graph.Nodes[i].Inputs)
                lastUse[input] = i;
        }

        lastUse.Remove(output);
        return [.. Enumerable.Range(0, output + 1).Select(i =>
            lastUse.Where(use => use.Value == i).Select(use => use.Key).ToArray())];
    }
}

/// <summary>How a forward pass in training treats the running statistics of batch normalisation layers.</summary>
internal enum NormStatistics
{
    /// <summary>Normalise by the batch and move the running statistics towards it.</summary>
    Updated,

    /// <summary>Normalise by the batch, but leave the running statistics unchanged: a frozen network, a teacher.</summary>
    Untouched,

    /// <summary>Normalise by the running statistics, as the exported network does.</summary>
    Running,
}
