using MkdSeg.Training.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Losses;

public class ImageLossTests
{
    [Test]
    public void Cycle_loss_is_the_mean_absolute_difference()
    {
        using var scope = NewDisposeScope();

        var loss = CycleLoss.Compute(tensor(new float[] { 1, -0.5f, 0, 0 }), tensor(new float[] { 0, 0.5f, 0, 0.25f }));

        Assert.That(loss.item<float>(), Is.EqualTo((1 + 1 + 0 + 0.25) / 4).Within(1e-6));
    }

    [Test]
    public void Least_squares_losses_are_squared_distances_to_zero_and_one()
    {
        using var scope = NewDisposeScope();
        var real = tensor(new float[] { 0.5f, 2 });
        var generated = tensor(new float[] { 0.25f, -1 });

        var d = AdversarialLoss.Discriminator(real, generated, AdversarialForm.LeastSquares).item<float>();
        var g = AdversarialLoss.Generator(generated, AdversarialForm.LeastSquares).item<float>();

        Assert.That(d, Is.EqualTo(0.5 * ((0.25 + 1) / 2 + (0.0625 + 1) / 2)).Within(1e-6));
        Assert.That(g, Is.EqualTo((0.5625 + 4) / 2).Within(1e-6));
    }

    [Test]
    public void Log_losses_are_those_of_equation_one()
    {
        using var scope = NewDisposeScope();
        var real = tensor(new float[] { 0.5f, 2 });
        var generated = tensor(new float[] { 0.25f, -1 });

        var d = AdversarialLoss.Discriminator(real, generated, AdversarialForm.Log).item<float>();
        var g = AdversarialLoss.Generator(generated, AdversarialForm.Log).item<float>();

        static double Sigmoid(double z) => 1 / (1 + Math.Exp(-z));
        var onReal = -(Math.Log(Sigmoid(0.5)) + Math.Log(Sigmoid(2))) / 2;
        var onGenerated = -(Math.Log(1 - Sigmoid(0.25)) + Math.Log(1 - Sigmoid(-1))) / 2;
        Assert.That(d, Is.EqualTo(0.5 * (onReal + onGenerated)).Within(1e-6));
        Assert.That(g, Is.EqualTo(-(Math.Log(Sigmoid(0.25)) + Math.Log(Sigmoid(-1))) / 2).Within(1e-6));
    }

    [Test]
    public void Log_loss_stays_finite_for_certain_answers()
    {
        using var scope = NewDisposeScope();
        var certain = tensor(new float[] { 500, -500 });

        Assert.That(AdversarialLoss.Generator(certain, AdversarialForm.Log).item<float>(), Is.EqualTo(250).Within(1e-3));
    }
}
