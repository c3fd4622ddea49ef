using MkdSeg.Training.Losses;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Losses;

public class ClassDistributionLossTests
{
    private const int Classes = 3;
    private const int Samples = 2;
    private const int Pixels = 4;
    private static readonly long[] Shape = [Samples, Classes, 2, 2];

    // Class of each pixel of both samples; class 2 occurs in the target alone.
    private static readonly int[] OfTarget = [0, 1, 1, 2, 2, 0, 1, 2];
    private static readonly int[] OfAssistant = [0, 0, 1, 0, 1, 1, 0, 0];

    [Test]
    public void Is_the_symmetric_divergence_of_softened_class_means_over_classes_that_occur_in_both()
    {
        using var scope = NewDisposeScope();
        var (z_t, z_a) = (Logits(1), Logits(2));

        var loss = ClassDistributionLoss.Compute(
            OneHot(OfTarget), tensor(z_t, Shape), OneHot(OfAssistant), tensor(z_a, Shape), temperature: 2).item<float>();

        var expected = 0.0;
        foreach (var c in (int[])[0, 1])
        {
            var (p, q) = (Distribution(z_t, OfTarget, c), Distribution(z_a, OfAssistant, c));
            expected += (Divergence(p, q) + Divergence(q, p)) / 2 / 2;
        }

        Assert.That(loss, Is.EqualTo(expected).Within(1e-6));
    }

    [Test]
    public void Is_zero_for_equal_modalities_and_for_no_class_in_common()
    {
        using var scope = NewDisposeScope();
        var z = tensor(Logits(1), Shape);
        var y = OneHot(OfTarget);

        Assert.That(ClassDistributionLoss.Compute(y, z, y, z, 2).item<float>(), Is.Zero);
        Assert.That(
            ClassDistributionLoss.Compute(
                OneHot([0, 0, 0, 0, 0, 0, 0, 0]), z, OneHot([1, 1, 1, 1, 1, 1, 1, 1]), z.neg(), 2).item<float>(),
            Is.Zero);
    }

    [Test]
    public void Both_modalities_get_a_gradient()
    {
        using var scope = NewDisposeScope();
        var (z_t, z_a) = (tensor(Logits(1), Shape), tensor(Logits(2), Shape));
        z_t.requires_grad = true;
        z_a.requires_grad = true;

        ClassDistributionLoss.Compute(OneHot(OfTarget), z_t, OneHot(OfAssistant), z_a, 2).backward();

        Assert.That(z_t.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
        Assert.That(z_a.grad!.abs().sum().item<float>(), Is.GreaterThan(0));
    }

    private static float[] Logits(ulong seed)
    {
        var random = new MkdSeg.Common.SeededRandom(seed);
        return [.. Enumerable.Range(0, Samples * Classes * Pixels).Select(_ => (float)random.Uniform(-3, 3))];
    }

    private static Tensor OneHot(int[] classes)
    {
        var values = new float[Samples * Classes * Pixels];
        for (var i = 0; i < classes.Length; i++)
        {
            values[Index(i, classes[i])] = 1;
        }

        return tensor(values, Shape);
    }

    private static int Index(int pixel, int k) => (((pixel / Pixels * Classes) + k) * Pixels) + (pixel % Pixels);

    private static double[] Distribution(float[] logits, int[] classes, int c)
    {
        var pixels = Enumerable.Range(0, classes.Length).Where(i => classes[i] == c).ToArray();
        var weights = Enumerable.Range(0, Classes)
            .Select(k => Math.Exp(pixels.Average(i => (double)logits[Index(i, k)]) / 2)).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }

    private static double Divergence(double[] p, double[] q) => p.Zip(q, (a, b) => a * Math.Log(a / b)).Sum();
}
