using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Bridge.Tests;

public class GradientTests
{
    [SetUp]
    public void Seed() => manual_seed(5);

    private static Tensor Random(params long[] shape) => randn(shape, float64);

    [TestCase(1, 1)]
    [TestCase(2, 2)]
    public void Conv2d(int stride, int groups) => GradientCheck.Verify(
        t => functional.conv2d(t[0], t[1], t[2], strides: [stride, stride], padding: [1, 1], groups: groups),
        Random(2, 4, 5, 6), Random(6, 4 / groups, 3, 3), Random(6));

    [Test]
    public void ConvTranspose2d() => GradientCheck.Verify(
        t => functional.conv_transpose2d(
            t[0], t[1], t[2], strides: [2, 2], padding: [1, 1], output_padding: [1, 1]),
        Random(2, 3, 4, 3), Random(3, 2, 3, 3), Random(2));

    [Test]
    public void InstanceNorm() => GradientCheck.Verify(
        t => functional.instance_norm(t[0], weight: t[1], bias: t[2]), Random(2, 3, 4, 5), Random(3), Random(3));

    [TestCase(true)]
    [TestCase(false)]
    public void BatchNorm(bool training)
    {
        using var mean = Random(3);
        using var variance = rand([3], float64) + 0.5;
        GradientCheck.Verify(
            t =>
            {
                // The running statistics change in training; each evaluation starts from the same ones.
                using var runningMean = mean.clone();
                using var runningVariance = variance.clone();
                return functional.batch_norm(t[0], runningMean, runningVariance, t[1], t[2], training);
            },
            Random(2, 3, 4, 2), Random(3), Random(3));
    }

    [TestCase(InterpolationMode.Bilinear, true)]
    [TestCase(InterpolationMode.Bilinear, false)]
    [TestCase(InterpolationMode.Nearest, null)]
    public void Interpolate(InterpolationMode mode, bool? alignCorners)
    {
        GradientCheck.Verify(
            t => functional.interpolate(t[0], size: [5, 7], mode: mode, align_corners: alignCorners),
            Random(1, 2, 3, 4));
        GradientCheck.Verify(
            t => functional.interpolate(t[0], scale_factor: [2, 2], mode: mode, align_corners: alignCorners),
            Random(1, 2, 3, 4));
    }

    [Test]
    public void SoftmaxAndLogSoftmax()
    {
        GradientCheck.Verify(t => functional.softmax(t[0], 1), Random(2, 4, 3));
        GradientCheck.Verify(t => functional.log_softmax(t[0], 1), Random(2, 4, 3));
    }

    [TestCase(Reduction.Mean)]
    [TestCase(Reduction.None)]
    public void CrossEntropy(Reduction reduction)
    {
        using var target = tensor(new long[] { 0, 3, 1, 2, 2, 0 }, [2, 3]);
        using var weight = tensor(new[] { 0.5, 1, 2, 0.25 });
        GradientCheck.Verify(
            t => functional.cross_entropy(t[0], target, weight, reduction: reduction), Random(2, 4, 3));
    }

    [TestCase(PaddingModes.Reflect)]
    [TestCase(PaddingModes.Constant)]
    [TestCase(PaddingModes.Replicate)]
    public void Pad(PaddingModes mode) => GradientCheck.Verify(
        t => functional.pad(t[0], [1, 2, 0, 1], mode), Random(1, 2, 3, 4));

    [Test]
    public void Pooling()
    {
        GradientCheck.Verify(t => functional.avg_pool2d(t[0], 2), Random(1, 2, 4, 6));
        GradientCheck.Verify(t => functional.max_pool2d(t[0], 2), Random(1, 2, 4, 6));
    }

    [Test]
    public void OperatorsOfTensors() => GradientCheck.Verify(
        t => ((t[0] + 2) * t[1] - 3 / (t[1].square() + 1)).tanh() / (t[0].abs().sqrt() + 1f),
        Random(3, 4), Random(3, 4));

    [Test]
    public void GradientsOfGradients() => GradientCheck.Verify(
        t =>
        {
            using var mode = enable_grad();
            return autograd.grad([t[0].pow(3).sum()], [t[0]], create_graph: true)[0];
        },
        Random(4));
}
