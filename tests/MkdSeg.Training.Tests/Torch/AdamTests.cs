using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Torch;

public class AdamTests
{
    [Test]
    public void Follows_the_algorithm_of_the_paper()
    {
        // Kingma and Ba 2015, Algorithm 1, in double precision.
        double[] gradients = [0.5, -0.2, 0.1, 0.9];
        double x = 1, m = 0, v = 0;
        using var scope = NewDisposeScope();
        var parameters = tensor(new float[] { 1 });
        var gradient = zeros_like(parameters);
        using var adam = new Adam(parameters, gradient, AdamOptions.Adversarial);
        for (var t = 1; t <= gradients.Length; t++)
        {
            var g = gradients[t - 1];
            m = (0.5 * m) + (0.5 * g);
            v = (0.999 * v) + (0.001 * g * g);
            x -= 0.01 * (m / (1 - Math.Pow(0.5, t))) / (Math.Sqrt(v / (1 - Math.Pow(0.999, t))) + 1e-8);

            gradient.fill_((Scalar)g);
            adam.Step(0.01);

            Assert.That(parameters.item<float>(), Is.EqualTo(x).Within(1e-6), $"step {t}");
        }
    }

    [Test]
    public void First_step_moves_every_value_by_its_share_of_the_learning_rate_against_the_gradients_sign()
    {
        using var scope = NewDisposeScope();
        var parameters = tensor(new float[] { 1, 1, 1 });
        var gradients = tensor(new float[] { 1e-3f, -50, 0 });
        using var adam = new Adam(parameters, gradients, AdamOptions.Segmentor with { RateRatio = 0.5 });

        adam.Step(0.2);

        var values = parameters.data<float>().ToArray();
        Assert.That(values, Is.EqualTo(new[] { 0.9f, 1.1f, 1f }).Within(1e-5f));
    }
}
