using MkdSeg.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Engine;

/// <summary>Runs a recorded network on tensors: the second of its two interpreters, beside the ONNX writer.</summary>
public sealed class TorchNetwork
{
    private readonly ParameterSet _parameters;
    private readonly int _output;

    // _lastUses[i]: the nodes whose results nothing after node i reads.
    private readonly int[][] _lastUses;

    /// <summary>A network over parameters that it may share with others.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="parameters">A set that holds every parameter of the graph.</param>
    public TorchNetwork(NetworkGraph graph, ParameterSet parameters)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(parameters);
        Graph = graph;
        _parameters = parameters;
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
    /// <returns>The output node's result; the caller's dispose scope owns it.</returns>
    public Tensor Forward(Tensor x, NormStatistics statistics = NormStatistics.Updated)
    {
        ArgumentNullException.ThrowIfNull(x);
        using var scope = NewDisposeScope();
        var results = new Tensor[Graph.Nodes.Count];
        for (var i = 0; i <= _output; i++)
        {
            results[i] = Apply(Graph.Nodes[i], results, x, statistics);
            foreach (var used in _lastUses[i])
            {
                if (!ReferenceEquals(results[used], x))
                {
                    results[used].Dispose();
                }
            }
        }

        return results[_output].MoveToOuterDisposeScope();
    }

    private Tensor Apply(GraphNode node, Tensor[] r, Tensor x, NormStatistics statistics) => node switch
    {
        InputNode => x,
        ConvNode n => F.conv2d(
            r[n.Input], _parameters[n.Weight], Optional(n.Bias), [n.Stride, n.Stride], [n.Pad, n.Pad]),
        ConvTransposeNode n => F.conv_transpose2d(
            r[n.Input], _parameters[n.Weight], Optional(n.Bias), [n.Stride, n.Stride], [n.Pad, n.Pad],
            [n.OutputPadding, n.OutputPadding]),
        InstanceNormNode n => F.instance_norm(
            r[n.Input], weight: Optional(n.Scale), bias: Optional(n.Shift), eps: n.Epsilon),
        BatchNormNode n => BatchNorm(n, r[n.Input], statistics),
        ReluNode n => r[n.Input].relu(),
        LeakyReluNode n => r[n.Input].leaky_relu(n.Slope),
        TanhNode n => r[n.Input].tanh(),
        AtanhNode n => r[n.Input].atanh(),
        // The same function as clamp, whose gradient takes four passes over memory where this one's takes one.
        ClipNode n => r[n.Input].hardtanh(n.Minimum, n.Maximum),
        SoftmaxNode n => r[n.Input].softmax(1),
        AddNode n => r[n.Left].add(r[n.Right]),
        ConcatNode n => cat([r[n.Left], r[n.Right]], 1),
        ReflectPadNode n => F.pad(r[n.Input], [n.Pad, n.Pad, n.Pad, n.Pad], PaddingModes.Reflect),
        ZeroPadNode n => F.pad(r[n.Input], [n.Pad, n.Pad, n.Pad, n.Pad]),
        ZeroPadChannelsNode n => F.pad(r[n.Input], [0, 0, 0, 0, n.Before, n.After]),
        UpsampleLinearNode n => F.interpolate(
            r[n.Input], [r[n.Input].shape[2] * n.Factor, r[n.Input].shape[3] * n.Factor],
            mode: InterpolationMode.Bilinear, align_corners: false),
        AveragePoolNode n => F.avg_pool2d(r[n.Input], [n.Window, n.Window]),
        MaxPoolNode n => F.max_pool2d(r[n.Input], [n.Window, n.Window]),
        _ => throw new NotSupportedException(
            $"Layer '{node.Name}' of network '{Graph.Name}' is a {node.GetType().Name}, which has no tensor operation."),
    };

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

    private Tensor? Optional(string? name) => name is null ? null : _parameters[name];

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
