using System.Diagnostics;
using System.Globalization;
using System.Text;
using MkdSeg.Training.Networks;
using static TorchSharp.torch;

namespace MkdSeg.Training.Torch;

/// <summary>
/// Profiles the time of training by network and kind of layer. While a profile is active on a thread, networks measure every
/// layer on it: the forward pass in place, and the backward pass by running the layer again in isolation, with gradients for
/// whatever needs them in training. An iteration therefore takes much longer than without a profile.
/// </summary>
internal sealed class LayerProfile : IDisposable
{
    [ThreadStatic]
    private static LayerProfile? _active;

    private readonly Dictionary<(string Network, string Kind), Row> _rows = [];

    /// <summary>The profile of this thread; null if nothing is measured.</summary>
    public static LayerProfile? Active => _active;

    /// <summary>Measures on this thread until the result is disposed of.</summary>
    public static LayerProfile Start() => _active = new();

    public void Dispose() => _active = null;

    /// <summary>Applies a layer and measures its times.</summary>
    public Tensor Measure(string network, GraphNode node, Tensor[] operands, bool weightsLearn, Func<Tensor[], Tensor> apply)
    {
        var kind = node.GetType().Name.Replace("Node", "", StringComparison.Ordinal);
        if (!_rows.TryGetValue((network, kind), out var row))
            _rows.Add((network, kind), row = new());
        var start = Stopwatch.GetTimestamp();
        var result = apply(operands);
        row.Forward += Stopwatch.GetElapsedTime(start);
        row.Passes++;
        var passes = 1;
        if (result.requires_grad)
        {
            using var scope = NewDisposeScope();
            var leaves = Array.ConvertAll(operands, operand => operand.detach().requires_grad_(operand.requires_grad));
            var again = apply(leaves);
            var gradient = ones_like(again);
            start = Stopwatch.GetTimestamp();
            again.backward([gradient]);
            row.Backward += Stopwatch.GetElapsedTime(start);
            passes += (operands[0].requires_grad ? 1 : 0) + (weightsLearn ? 1 : 0);
        }

        row.Flops += passes * FlopsOf(node, operands[0].shape, result.shape);
        return result;
    }

    public string Format(int iterations)
    {
        var text = new StringBuilder();
        text.AppendLine("network   layer             passes   forward s  backward s  GFLOP/s");
        foreach (var network in _rows.GroupBy(row => row.Key.Network).OrderByDescending(Total))
        {
            foreach (var (key, row) in network.OrderByDescending(item => item.Value.Seconds))
                Append(key.Network, key.Kind, row);
            Append(network.Key, "all layers", Row.Sum(network.Select(item => item.Value)));
        }

        Append("all", "", Row.Sum(_rows.Values));
        return text.ToString();

        void Append(string network, string kind, Row row) => text.AppendLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{network,-9} {kind,-16} {row.Passes / (double)iterations,7:0.#}   {row.Forward.TotalSeconds / iterations,9:0.00000}   {row.Backward.TotalSeconds / iterations,9:0.00000}  {(row.Flops > 0 ? row.Flops / row.Seconds / 1e9 : null),7:0.0}"));
    }

    private static double Total(IEnumerable<KeyValuePair<(string, string), Row>> rows) => rows.Sum(row => row.Value.Seconds);

    // Multiplications and additions of one pass through a convolution; each of its two gradients needs as many.
    private static double FlopsOf(GraphNode node, long[] input, long[] output) => node switch
    {
        ConvNode n => 2.0 * Product(output) * input[1] * n.Kernel * n.Kernel,
        ConvTransposeNode n => 2.0 * Product(input) * output[1] * n.Kernel * n.Kernel,
        _ => 0,
    };

    private static double Product(long[] shape) => shape.Aggregate(1.0, (product, size) => product * size);

    private sealed record Row
    {
        public int Passes { get; set; }
        public TimeSpan Forward { get; set; }
        public TimeSpan Backward { get; set; }
        public double Flops { get; set; }
        public double Seconds => (Forward + Backward).TotalSeconds;

        public static Row Sum(IEnumerable<Row> rows) => rows.Aggregate(new Row(), (a, b) => new()
        {
            Passes = a.Passes + b.Passes,
            Forward = a.Forward + b.Forward,
            Backward = a.Backward + b.Backward,
            Flops = a.Flops + b.Flops,
        });
    }
}
