using MkdSeg.Common;
using MkdSeg.Training.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Torch;

/// <summary>Runs a recorded network on tensors: the second of its two interpreters, beside the ONNX writer.</summary>
public sealed class TorchNetwork
{
    private readonly ParameterSet _parameters;
    private readonly LayerFormats? _formats;
    private readonly int _output;

    // _lastUses[i]: the nodes whose results nothing after node i reads.
    private readonly int[][] _lastUses;

    /// <summary>A network over parameters that it may share with others.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">A set that holds every parameter of the graph.</param>
    /// <param name="precision">How its layers compute.</param>
    /// <exception cref="UserErrorException">The tensor engine cannot compute so on the parameters' device.</exception>
    public TorchNetwork(NetworkGraph graph, ParameterSet parameters, Precision precision = Precision.Fp32)
        : this(
            graph,
            parameters,
            LayerFormats.Of(precision, (parameters ?? throw new ArgumentNullException(nameof(parameters))).Device))
    {
    }

    internal TorchNetwork(NetworkGraph graph, ParameterSet parameters, LayerFormats? formats)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        _parameters = parameters;
        _formats = formats;
        _output = graph.Nodes.Count - 1;
        _lastUses = LastUses(graph, _output);
        TreatsSamplesAlone = !graph.Nodes.Any(node => node is BatchNormNode);
    }

    /// <summary>The network's description.</summary>
    public NetworkGraph Graph { get; }

    /// <summary>Whether a sample's result is the same whatever else is in its batch.</summary>
    public bool TreatsSamplesAlone { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="x">(N, C, H, W) on the parameters' device.</param>
    /// <param name="statistics">What happens in batch normalisation layers.</param>
    /// <returns>The output node's result, 32-bit floats; the caller's dispose scope owns it.</returns>
    public Tensor Forward(Tensor x, NormStatistics statistics = NormStatistics.Updated)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var results = new Tensor[Graph.Nodes.Count];
        for (var i = 0; i <= _output; i++)
        {
            var node = Graph.Nodes[i];
            results[i] = node is InputNode ? x : Apply(node, [.. node.Inputs.Select(input => results[input])], statistics);
            foreach (var used in _lastUses[i])
            {
                if (!ReferenceEquals(results[used], x))
                {
                    results[used].Dispose();
                }
            }
        }

        return LayerFormats.Result(results[_output]).MoveToOuterDisposeScope();
    }

    private Tensor Apply(GraphNode node, Tensor[] operands, NormStatistics statistics)
    {
        if (_formats is null)
        {
            return Apply(node, operands, name => _parameters[name], statistics);
        }

        var format = _formats.Of(node, operands);
        // Without gradients nothing else holds the rounded copies, and a network has many.
        using var copies = NewDisposeScope();
        var result = Apply(
            node, [.. operands.Select(format.Operand)], name => format.Weight(_parameters[name]), statistics);
        return format.Result(result).MoveToOuterDisposeScope();
    }

    private Tensor Apply(
        GraphNode node, Tensor[] operands, Func<string, Tensor> weights, NormStatistics statistics) => node switch
    {
        ConvNode n => F.conv2d(
            operands[0], weights(n.Weight), Optional(n.Bias, weights), [n.Stride, n.Stride], [n.Pad, n.Pad]),
        ConvTransposeNode n => F.conv_transpose2d(
            operands[0], weights(n.Weight), Optional(n.Bias, weights), [n.Stride, n.Stride], [n.Pad, n.Pad],
            [n.OutputPadding, n.OutputPadding]),
        InstanceNormNode n => InstanceNorm(n, operands[0], weights),
        BatchNormNode n => BatchNorm(n, operands[0], statistics),
        ReluNode n => operands[0].relu(),
        LeakyReluNode n => operands[0].leaky_relu(n.Slope),
        TanhNode n => operands[0].tanh(),
        AtanhNode n => operands[0].atanh(),
        ClipNode n => operands[0].clamp(n.Minimum, n.Maximum),
        SoftmaxNode n => operands[0].softmax(1),
        AddNode n => operands[0].add(operands[1]),
        ConcatNode n => cat([operands[0], operands[1]], 1),
        ReflectPadNode n => F.pad(operands[0], [n.Pad, n.Pad, n.Pad, n.Pad], PaddingModes.Reflect),
        ZeroPadNode n => F.pad(operands[0], [n.Pad, n.Pad, n.Pad, n.Pad]),
        ZeroPadChannelsNode n => F.pad(operands[0], [0, 0, 0, 0, n.Before, n.After]),
        UpsampleLinearNode n => F.interpolate(
            operands[0], [operands[0].shape[2] * n.Factor, operands[0].shape[3] * n.Factor],
            mode: InterpolationMode.Bilinear, align_corners: false),
        AveragePoolNode n => F.avg_pool2d(operands[0], [n.Window, n.Window]),
        MaxPoolNode n => F.max_pool2d(operands[0], [n.Window, n.Window]),
        _ => throw new NotSupportedException(
            $"Layer '{node.Name}' of network '{Graph.Name}' is a {node.GetType().Name}, which has no tensor operation."),
    };

    private static Tensor InstanceNorm(InstanceNormNode n, Tensor input, Func<string, Tensor> weights)
    {
        var (scale, shift) = (Optional(n.Scale, weights), Optional(n.Shift, weights));
        if (scale is null && input.dtype != ScalarType.Float32)
        {
            // The engine keeps statistics in the format of scale and shift, without these in that of the signal.
            scale = ones([n.Channels], dtype: ScalarType.Float32, device: input.device);
            shift = zeros([n.Channels], dtype: ScalarType.Float32, device: input.device);
        }

        return F.instance_norm(input, weight: scale, bias: shift, eps: n.Epsilon);
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

    private static int[][] LastUses(NetworkGraph graph, int output)
    {
        var lastUse = new Dictionary<int, int>();
        for (var i = 0; i <= output; i++)
        {
            lastUse[i] = i;
            foreach (var input in graph.Nodes[i].Inputs)
            {
                lastUse[input] = i;
            }
        }

        lastUse.Remove(output);
        return [.. Enumerable.Range(0, output + 1).Select(i =>
            lastUse.Where(use => use.Value == i).Select(use => use.Key).ToArray())];
    }
}
