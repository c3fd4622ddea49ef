using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks.Onnx;

/// <summary>Every operation, evaluated by ONNX Runtime on numbers small enough to check by hand.</summary>
[TestFixture]
public class OnnxOperationTests
{
    private const float Tolerance = 1e-5f;

    private static readonly float[] TwoByTwo = [1, 2, 3, 4];

    private static float[] Evaluate(
        Func<SymbolicTensor, SymbolicTensor> describe, float[] image, long[] shape, params WeightArray[] weights)
    {
        var builder = new GraphBuilder("net", (int)shape[1], Initialization.HeNormal);
        var graph = builder.Build(describe(builder.Input), "y");
        var (values, size) = OnnxSession.Run(graph, new Weights(weights), image, shape);
        var (height, width) = graph.OutputSize((int)shape[2], (int)shape[3]);
        Assert.That(size, Is.EqualTo(new[] { shape[0], graph.OutputChannels, height, width }));
        return values;
    }

    [Test]
    public void Convolution_normalisation_and_upsampling()
    {
        // 2x + 1 = 3, 5, 7, 9: mean 6, variance 5; normalised ∓3/√5 and ∓1/√5; then 1 + ½ of that. Bilinear: the corner
        // keeps its value, the next pixel takes ¾ and ¼.
        var values = Evaluate(
            x => x.Conv("c", 1, 1).InstanceNorm("n").UpsampleLinear(2), TwoByTwo, [1, 1, 2, 2],
            new WeightArray("c.weight", [1, 1, 1, 1], [2]), new WeightArray("c.bias", [1], [1]),
            new WeightArray("n.weight", [1], [0.5f]), new WeightArray("n.bias", [1], [1]));

        var step = 1 / MathF.Sqrt(5);
        float a = 1 - 1.5f * step, b = 1 - 0.5f * step, c = 1 + 0.5f * step;
        Assert.Multiple(() =>
        {
            Assert.That(values[0], Is.EqualTo(a).Within(Tolerance));
            Assert.That(values[1], Is.EqualTo(0.75f * a + 0.25f * b).Within(Tolerance));
            Assert.That(values[3], Is.EqualTo(b).Within(Tolerance));
            Assert.That(values[4], Is.EqualTo(0.75f * a + 0.25f * c).Within(Tolerance));
            Assert.That(values[15], Is.EqualTo(1 + 1.5f * step).Within(Tolerance));
        });
    }

    [Test]
    public void Normalisation_without_scale_and_shift()
    {
        var values = Evaluate(x => x.InstanceNorm(), TwoByTwo, [1, 1, 2, 2]);

        var unit = 1 / MathF.Sqrt(1.25f);
        Assert.That(
            values, Is.EqualTo(new[] { -1.5f * unit, -0.5f * unit, 0.5f * unit, 1.5f * unit }).Within(Tolerance));
    }

    [Test]
    public void Batch_normalisation_by_running_statistics()
    {
        var values = Evaluate(
            x => x.BatchNorm("n"), TwoByTwo, [1, 1, 2, 2],
            new WeightArray("n.weight", [1], [3]), new WeightArray("n.bias", [1], [1]),
            new WeightArray("n.running_mean", [1], [2]), new WeightArray("n.running_var", [1], [4]));

        Assert.That(values, Is.EqualTo(new[] { -0.5f, 1, 2.5f, 4 }).Within(1e-4f));
    }

    [Test]
    public void Strided_convolution_with_padding()
    {
        // A kernel of ones with its upper left corner at (−1, −1), one step of 2 either way.
        var values = Evaluate(
            x => x.Conv("c", 1, 3, stride: 2, pad: 1, bias: false), [1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 1, 3, 3],
            new WeightArray("c.weight", [1, 1, 3, 3], [1, 1, 1, 1, 1, 1, 1, 1, 1]));

        Assert.That(values, Is.EqualTo(new float[] { 12, 16, 24, 28 }));
    }

    [Test]
    public void Transposed_convolution_with_output_padding()
    {
        // One pixel, value 2: the kernel × 2 without its first row and column, which the padding cuts; the output
        // padding keeps its last ones.
        var values = Evaluate(
            x => x.ConvTranspose("t", 1, 3, stride: 2, pad: 1, outputPadding: 1), [2], [1, 1, 1, 1],
            new WeightArray("t.weight", [1, 1, 3, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9]),
            new WeightArray("t.bias", [1], [0.5f]));

        Assert.That(values, Is.EqualTo(new[] { 10.5f, 12.5f, 16.5f, 18.5f }));
    }

    [Test]
    public void Borders_of_mirrored_pixels() =>
        Assert.That(
            Evaluate(x => x.ReflectPad(1), TwoByTwo, [1, 1, 2, 2]),
            Is.EqualTo(new float[] { 4, 3, 4, 3, 2, 1, 2, 1, 4, 3, 4, 3, 2, 1, 2, 1 }));

    [Test]
    public void Channels_of_zeros() =>
        Assert.That(
            Evaluate(x => x.ZeroPadChannels(1, 2), [5, 6], [1, 2, 1, 1]), Is.EqualTo(new float[] { 0, 5, 6, 0, 0 }));

    [Test]
    public void Maximum_pooling() =>
        Assert.That(Evaluate(x => x.MaxPool(2), TwoByTwo, [1, 1, 2, 2]), Is.EqualTo(new[] { 4f }));

    [Test]
    public void Activations() => Assert.Multiple(() =>
    {
        float[] image = [-2, 0.5f];
        long[] shape = [1, 1, 1, 2];
        Assert.That(Evaluate(x => x.Relu(), image, shape), Is.EqualTo(new[] { 0, 0.5f }));
        Assert.That(Evaluate(x => x.LeakyRelu(0.2f), image, shape), Is.EqualTo(new[] { -0.4f, 0.5f }));
        Assert.That(
            Evaluate(x => x.Tanh(), image, shape),
            Is.EqualTo(new[] { MathF.Tanh(-2), MathF.Tanh(0.5f) }).Within(Tolerance));
        Assert.That(
            Evaluate(x => x.Clip(-0.9f, 0.4f).Atanh(), image, shape),
            Is.EqualTo(new[] { MathF.Atanh(-0.9f), MathF.Atanh(0.4f) }).Within(Tolerance));
    });

    [Test]
    public void Softmax_over_channels() =>
        Assert.That(
            Evaluate(x => x.Softmax(), [0, 1, MathF.Log(3), 1], [1, 2, 1, 2]),
            Is.EqualTo(new[] { 0.25f, 0.5f, 0.75f, 0.5f }).Within(Tolerance));

    [Test]
    public void Sums_and_concatenations()
    {
        Assert.That(
            Evaluate(x => x.Add(x.Clip(0, 2)), TwoByTwo, [1, 1, 2, 2]), Is.EqualTo(new float[] { 2, 4, 5, 6 }));
        Assert.That(
            Evaluate(x => x.Relu().Concat(x.Clip(0, 2)), TwoByTwo, [1, 1, 2, 2]),
            Is.EqualTo(new float[] { 1, 2, 3, 4, 1, 2, 2, 2 }));
    }
}
