using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MkdSeg.Common;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Torch;

/// <summary>The two interpreters of a network agree: tensors here, the exported file in ONNX Runtime.</summary>
public class OnnxParityTests
{
    private static readonly Dictionary<string, NetworkGraph> Graphs = new()
    {
        ["segmentor, instance norm"] = Segmentor(Normalization.Instance, 2),
        ["segmentor, batch norm"] = Segmentor(Normalization.Batch, 1),
        ["segmentor, assistant's layers"] = ResidualUNet.Describe(
            new() { ClassCount = 5, Filters = [8, 16], Strides = [1, 2] }, "assistant", layer => layer.IsNormalization)
            .WithSoftmax(),
        ["generator, painting anew"] = ResNetGenerator.Describe(new() { Width = 8, Blocks = 2, Downsamplings = 2 }),
        ["generator, adding to its input"] = ResNetGenerator.Describe(
            new() { Width = 8, Blocks = 2, Downsamplings = 1, ResidualOutput = true }),
        ["generator with a skip connection"] = ResNetGenerator.Describe(
            new() { Width = 8, Blocks = 1, Downsamplings = 1, SkipConnection = true, ResidualOutput = true }),
        ["discriminator"] = PatchDiscriminator.Describe(new() { Width = 8, Layers = 2 }),
    };

    [Test]
    public void Tensors_and_onnx_runtime_agree(
        [ValueSource(nameof(Names))] string name, [Values(1, 3)] int batch, [Values(32, 48)] int height)
    {
        var graph = Graphs[name];
        const int Width = 40;
        var weights = Perturbed(graph);
        var image = Image(batch * height * Width);
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(graph.Parameters, weights, new Device(TorchSharp.DeviceType.CPU));

        var ours = new TorchNetwork(graph, parameters)
            .Forward(tensor(image, [batch, 1, height, Width]), NormStatistics.Running);
        var (theirs, shape) = RunOnnx(graph, parameters.ToWeights(), image, [batch, 1, height, Width]);

        Assert.That(ours.shape, Is.EqualTo(shape.Select(size => (long)size)));
        var values = ours.detach().data<float>().ToArray();
        Assert.That(values.Zip(theirs, (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1e-4f));
    }

    private static readonly string[] Names = [.. Graphs.Keys];

    private static NetworkGraph Segmentor(Normalization norm, int units) => ResidualUNet.Describe(
        new() { ClassCount = 5, Filters = [8, 16, 16, 24], ResidualUnits = units, Norm = norm }).WithSoftmax();

    // Values that differ from the initial zeros and ones, so that a swapped or forgotten parameter shows.
    private static Weights Perturbed(NetworkGraph graph)
    {
        var random = new SeededRandom(11);
        return new(Weights.Initialize(1, graph).Arrays.Select(array => new WeightArray(
            array.Name,
            array.Shape,
            [.. array.Values.Select(value => value + (float)random.Uniform(-0.05, 0.05))])));
    }

    private static float[] Image(int length)
    {
        var random = new SeededRandom(12);
        return [.. Enumerable.Range(0, length).Select(_ => (float)random.Uniform(-1, 1))];
    }

    private static (float[] Values, int[] Shape) RunOnnx(NetworkGraph graph, Weights weights, float[] image, int[] shape)
    {
        using var session = new InferenceSession(OnnxWriter.ToBytes(graph, weights, new()));
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor(graph.InputName, new DenseTensor<float>(image, shape))]);
        var result = results[0].AsTensor<float>();
        return (result.ToArray(), result.Dimensions.ToArray());
    }
}
