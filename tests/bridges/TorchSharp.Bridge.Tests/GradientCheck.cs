using static TorchSharp.torch;

namespace TorchSharp.Bridge.Tests;

/// <summary>Compares autograd with central differences, in double precision.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;
    private const double Tolerance = 1e-6;

    /// <param name="function">Any function of the inputs; its result is reduced with fixed random weights.</param>
    internal static void Verify(Func<Tensor[], Tensor> function, params Tensor[] inputs)
    {
        using var scope = NewDisposeScope();
        foreach (var input in inputs)
            input.requires_grad_();
        using var probe = function(inputs);
        var weights = rand(probe.shape, float64);
        var grads = autograd.grad([(function(inputs) * weights).sum()], inputs);

        for (var i = 0; i < inputs.Length; i++)
        {
            var actual = grads[i].contiguous().data<double>().ToArray();
            var expected = new double[actual.Length];
            using var mode = no_grad();
            var elements = inputs[i].data<double>();
            for (var k = 0; k < expected.Length; k++)
            {
                var value = elements[k];
                elements[k] = value + Step;
                var above = (function(inputs) * weights).sum().ToDouble();
                elements[k] = value - Step;
                var below = (function(inputs) * weights).sum().ToDouble();
                elements[k] = value;
                expected[k] = (above - below) / (2 * Step);
            }
            Assert.That(actual, Is.EqualTo(expected).Within(Tolerance), $"gradient of input {i}");
        }
    }
}
