using MkdSeg.Common;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Torch;

/// <summary>
/// Mixed precision against 32-bit floats from the same weights. How much roundings of bfloat16 matter depends on the
/// network, so the yardstick is the network itself in 32-bit floats with its weights rounded. Mixed precision rounds three
/// things on the way through a layer, weights, products and normalised signals, with errors of about that size each; they
/// are independent and add up to √3 of the yardstick. On the way back there are three more: √6. Twice that is allowed.
/// </summary>
public class MixedPrecisionTests
{
    // bfloat16 has 8 significant bits: a rounding is off by at most this.
    private const double UnitRoundoff = 1.0 / 256;

    private static readonly Device Cpu = new(DeviceType.CPU);

    private static readonly Dictionary<string, NetworkGraph> Graphs = new()
    {
        ["segmentor, instance norm"] = Segmentor(Normalization.Instance),
        ["segmentor, batch norm"] = Segmentor(Normalization.Batch),
        ["generator, painting anew"] = ResNetGenerator.Describe(new() { Width = 8, Blocks = 2, Downsamplings = 2 }),
        ["generator, adding to its input"] = ResNetGenerator.Describe(
            new() { Width = 8, Blocks = 1, Downsamplings = 1, SkipConnection = true, ResidualOutput = true }),
        ["discriminator"] = PatchDiscriminator.Describe(new() { Width = 8, Layers = 2 }),
    };

    private static readonly string[] Names = [.. Graphs.Keys];

    [TestCaseSource(nameof(Names))]
    public void Results_are_those_of_fp32_but_for_roundings(string name)
    {
        using var scope = NewDisposeScope();
        var full = Run(name, Precision.Fp32);
        var ofRoundedWeights = Run(name, Precision.Fp32, roundedWeights: true);
        var mixed = Run(name, Precision.Mixed);

        Assert.That(mixed.Result.dtype, Is.EqualTo(ScalarType.Float32), "losses are computed from it");
        var yardstick = Difference(ofRoundedWeights.Result, full.Result);
        var error = Difference(mixed.Result, full.Result);
        Assert.That(error, Is.LessThan(2 * Math.Sqrt(3) * yardstick));
        Assert.That(error, Is.GreaterThan(yardstick / 2), "nothing was computed in bfloat16");
    }

    [TestCaseSource(nameof(Names))]
    public void Gradients_reach_the_weights_and_point_where_those_of_fp32_do(string name)
    {
        using var scope = NewDisposeScope();
        var full = Run(name, Precision.Fp32).Parameters;
        var ofRoundedWeights = Run(name, Precision.Fp32, roundedWeights: true).Parameters;
        var mixed = Run(name, Precision.Mixed).Parameters;

        Assert.That((mixed.Values.dtype, mixed.Gradients.dtype), Is.EqualTo((ScalarType.Float32, ScalarType.Float32)));
        Assert.That(mixed.Values.Equals(full.Values), Is.True, "weights are only read");
        var yardstick = Difference(ofRoundedWeights.Gradients, full.Gradients);
        Assert.That(Difference(mixed.Gradients, full.Gradients), Is.LessThan(2 * Math.Sqrt(6) * yardstick));
        Assert.That(Cosine(mixed.Gradients, full.Gradients), Is.GreaterThan(0.99).And.LessThan(1));
        foreach (var spec in Graphs[name].Parameters.Where(spec => spec.Trainable))
        {
            Assert.That(mixed[spec.Name].grad!.abs().sum().item<float>(), Is.GreaterThan(0), spec.Name);
        }
    }

    [TestCase("batch")]
    [TestCase("instance")]
    [TestCase("instance, without scale and shift")]
    public void Statistics_of_normalisations_are_those_of_32_bit_floats(string kind)
    {
        var builder = new GraphBuilder("norm", 1, Initialization.HeNormal);
        var y = kind switch
        {
            "batch" => builder.Input.BatchNorm("n"),
            "instance" => builder.Input.InstanceNorm("n"),
            _ => builder.Input.InstanceNorm(),
        };
        var graph = builder.Build(y, "y");
        using var scope = NewDisposeScope();
        using var parameters = Parameters(graph);
        // Far from 0 for its spread: a sum in bfloat16 over so many pixels would stop growing after 256 of them.
        var x = Image(side: 64).add((Scalar)4.01).to_type(ScalarType.BFloat16);

        var full = new TorchNetwork(graph, parameters).Forward(x.to_type(ScalarType.Float32), NormStatistics.Untouched);
        var mixed = new TorchNetwork(graph, parameters, Precision.Mixed).Forward(x, NormStatistics.Untouched);

        // The result is rounded once; a mean of 4 that is rounded would be off by as much as four times that.
        Assert.That(Difference(mixed, full), Is.LessThan(UnitRoundoff / 2));
    }

    [Test]
    public void What_the_engine_cannot_do_well_in_bfloat16_is_done_in_fp32()
    {
        using var scope = NewDisposeScope();
        var formats = MixedPrecisionPolicy.Of(Precision.Mixed, Cpu)!;
        var (low, full) = (zeros([1], ScalarType.BFloat16), zeros([1], ScalarType.Float32));
        ScalarType FormatOf<TNode>() =>
            formats.LowKinds.Contains(typeof(TNode)) ? ScalarType.BFloat16 : ScalarType.Float32;

        Assert.That(MixedPrecisionPolicy.Of(Precision.Fp32, Cpu), Is.Null);
        Assert.That(formats.LowKinds, Does.Contain(typeof(ReluNode)), "every engine can");
        var conv = new ConvNode("w", null, 3, 1, 1);
        Assert.That(
            formats.Of(conv, [full]), Is.EqualTo(new LayerFormat(ScalarType.BFloat16, FormatOf<ConvNode>(), true)));
        var clip = new ClipNode(0, 6);
        Assert.That(
            formats.Of(clip, [low]), Is.EqualTo(new LayerFormat(ScalarType.BFloat16, FormatOf<ClipNode>(), false)));
        Assert.That(
            formats.Of(clip, [full]), Is.EqualTo(new LayerFormat(ScalarType.Float32, ScalarType.Float32, false)));
        Assert.That(
            formats.Of(new AddNode(), [low, full]),
            Is.EqualTo(new LayerFormat(ScalarType.Float32, ScalarType.Float32, false)));
        Assert.That(
            formats.Of(new TanhNode(), [low]),
            Is.EqualTo(new LayerFormat(ScalarType.Float32, ScalarType.Float32, false)));
    }

    // A pass there and back.
    private static (Tensor Result, ParameterSet Parameters) Run(string name, Precision precision, bool roundedWeights = false)
    {
        var graph = Graphs[name];
        var parameters = Parameters(graph);
        if (roundedWeights)
        {
            using var noGrad = no_grad();
            parameters.Values.copy_(parameters.Values.to_type(ScalarType.BFloat16).to_type(ScalarType.Float32));
        }

        var result = new TorchNetwork(graph, parameters, precision).Forward(Image(), NormStatistics.Untouched);
        result.sub((Scalar)0.3).square().mean().backward();
        return (result, parameters);
    }

    private static NetworkGraph Segmentor(Normalization norm) =>
        ResidualUNet.Describe(new() { ClassCount = 5, Filters = [8, 16, 16, 24], ResidualUnits = 1, Norm = norm });

    private static ParameterSet Parameters(NetworkGraph graph) =>
        new(graph.Parameters, Weights.Initialize(1, graph), Cpu);

    private static Tensor Image(ulong seed = 12, int side = 32)
    {
        var random = new SeededRandom(seed);
        return tensor(
            [.. Enumerable.Range(0, 2 * side * side).Select(_ => (float)random.Uniform(-1, 1))], [2, 1, side, side]);
    }

    // Relative to the second, in the root of the mean square.
    private static double Difference(Tensor a, Tensor b) =>
        Math.Sqrt(a.sub(b).square().sum().item<float>() / b.square().sum().item<float>());

    private static double Cosine(Tensor a, Tensor b) =>
        a.mul(b).sum().item<float>() / Math.Sqrt(a.square().sum().item<float>() * b.square().sum().item<float>());
}
