using MkdSeg.Training.Networks;
using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Torch;

public class ParameterSetTests
{
    private static readonly NetworkGraph Graph = ResidualUNet.Describe(
        new() { Filters = [4, 8], Strides = [1, 2], Norm = Normalization.Batch });

    [Test]
    public void Weights_come_back_as_they_went_in()
    {
        var weights = Weights.Initialize(3, Graph);
        using var parameters = new ParameterSet(Graph.Parameters, weights, new Device(DeviceType.CPU));

        Assert.That(parameters.ToWeights().ComputeHash(), Is.EqualTo(weights.ComputeHash()));
        Assert.That(parameters.Count, Is.EqualTo(Graph.ParameterCount));
    }

    [Test]
    public void Parameters_and_gradients_are_views_of_the_two_vectors()
    {
        using var scope = NewDisposeScope();
        using var parameters = new ParameterSet(
            Graph.Parameters, Weights.Initialize(3, Graph), new Device(DeviceType.CPU));
        var name = Graph.Parameters[0].Name;

        parameters[name].mul((Scalar)3).sum().backward();

        Assert.That(
            parameters.Gradients.sum().item<float>(), Is.EqualTo(3.0 * Graph.Parameters[0].Length).Within(1e-3));
        using (no_grad())
        {
            parameters.Values.fill_(2);
        }

        Assert.That(parameters[name].detach().data<float>().ToArray(), Has.All.EqualTo(2f));
    }
}
