using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace MkdSeg.Training.Tests.Torch;

/// <summary>
/// Every kind of convolution that the presets' networks have agrees with the same one in 64-bit numbers, which another part of
/// libtorch computes, forwards and backwards, also where fresh memory holds NaN.
/// </summary>
public class ConvolutionTests
{
    private const int Size = 24;
    private static readonly Layer[] Layers =
    [
        .. TrainingPresets.All.Values.SelectMany(LayersOf).Append(new(12, 20, 3, 1, 1, false)).Distinct()
            .OrderBy(layer => layer.ToString(), StringComparer.Ordinal),
    ];

    [Test]
    public void Results_and_gradients_are_those_of_64_bits(
        [ValueSource(nameof(Layers))] Layer layer, [Values] Precision precision, [Values(1, 2)] int threads)
    {
        var before = get_num_threads();
        set_num_threads(threads);
        try
        {
            Compare(layer, precision, batch: 1);
            Compare(layer, precision, batch: 3);
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static void Compare(Layer layer, Precision precision, int batch)
    {
        using var scope = NewDisposeScope();
        var graph = layer.Describe();
        using var parameters = new ParameterSet(graph.Parameters, Weights.Initialize(5, graph), new Device(DeviceType.CPU));
        var network = new TorchNetwork(graph, parameters, precision);
        // Without bfloat16 in the processor, libtorch rounds partial sums: up to .03. What the blocks spoil is off by .2 and more.
        var tolerance = precision == Precision.Fp32 ? 1e-4 : 5e-2;
        var x = randn(batch, layer.In, Size, Size).requires_grad_(true);
        var (wideX, wideWeight, wideBias) = (Wide(x), Wide(parameters["layer.weight"]), Wide(parameters["layer.bias"]));
        var wide = layer.Apply(wideX, wideWeight, wideBias);
        // Positive, so that sums over it are not near 0.
        var gradient = rand(wide.shape);
        wide.backward([gradient.to(ScalarType.Float64)]);
        for (var round = 0; round < 3; round++)
        {
            using var inner = NewDisposeScope();
            FillFreeMemory();
            parameters.Gradients.zero_();
            x.grad = null;

            var y = network.Forward(x);
            y.backward([gradient]);

            AssertClose(y, wide, tolerance, "result");
            AssertClose(x.grad!, wideX.grad!, tolerance, "gradient of the image");
            AssertClose(parameters["layer.weight"].grad!, wideWeight.grad!, tolerance, "gradient of the kernels");
            AssertClose(parameters["layer.bias"].grad!, wideBias.grad!, tolerance, "gradient of the bias");
        }
    }

    private static void AssertClose(Tensor values, Tensor wide, double tolerance, string what)
    {
        var error = (values.detach().to(ScalarType.Float64) - wide.detach()).abs().max().item<double>();
        Assert.That(error / wide.detach().abs().max().item<double>(), Is.LessThan(tolerance), what);
    }

    private static Tensor Wide(Tensor values) => values.detach().to(ScalarType.Float64).requires_grad_(true);

    // What the engine gets next from the allocator are likely these blocks.
    private static void FillFreeMemory()
    {
        using var scope = NewDisposeScope();
        for (var length = 1L << 6; length <= 1L << 18; length <<= 1)
        {
            for (var i = 0; i < 4; i++)
                full([length + (16 * i)], float.NaN);
        }
    }

    private static IEnumerable<Layer> LayersOf(TrainingOptions options) =>
        new[]
        {
            ResidualUNet.Describe(options.Segmentor with { ClassCount = 8 }), ResNetGenerator.Describe(options.Generator),
            PatchDiscriminator.Describe(options.Discriminator),
        }.SelectMany(graph => graph.Nodes.Select(node => node switch
        {
            ConvNode n => new Layer(
                graph.Nodes[n.Inputs[0]].Channels, n.Channels, n.Kernel, n.Stride, n.Pad, Transposed: false),
            ConvTransposeNode n => new Layer(
                graph.Nodes[n.Inputs[0]].Channels, n.Channels, n.Kernel, n.Stride, n.Pad, Transposed: true),
            _ => null,
        })).OfType<Layer>();

    /// <summary>A convolution by its numbers of channels, kernel, stride and padding.</summary>
    public sealed record Layer(int In, int Out, int Kernel, int Stride, int Pad, bool Transposed)
    {
        internal NetworkGraph Describe()
        {
            var builder = new GraphBuilder("convolution", In, _ => Initialization.Normal(0.1));
            return builder.Build(
                Transposed
                    ? builder.Input.ConvTranspose("layer", Out, Kernel, Stride, Pad, outputPadding: Stride - 1)
                    : builder.Input.Conv("layer", Out, Kernel, Stride, Pad),
                "result");
        }

        internal Tensor Apply(Tensor x, Tensor weight, Tensor bias) => Transposed
            ? F.conv_transpose2d(x, weight, bias, [Stride, Stride], [Pad, Pad], [Stride - 1, Stride - 1])
            : F.conv2d(x, weight, bias, [Stride, Stride], [Pad, Pad]);
    }
}
