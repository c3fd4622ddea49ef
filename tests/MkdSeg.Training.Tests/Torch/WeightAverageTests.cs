using MkdSeg.Training.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace MkdSeg.Training.Tests.Torch;

public class WeightAverageTests
{
    [Test]
    public void Follows_the_updates_by_its_formula()
    {
        using var scope = NewDisposeScope();
        using var method = TinyTraining.Method("baseline");
        var network = method.Networks.Single();
        using var average = new WeightAverage(network, 0.5);
        var expected = Values(network);
        var trainer = TinyTraining.Trainer(method);
        for (var n = 1; n <= 4; n++)
        {
            trainer.Step();
            // (1 + n) / (10 + n): 2/11, 3/12, 4/13, 5/14, all below the decay of 0.5.
            var decay = (1.0 + n) / (10.0 + n);
            expected = [.. expected.Zip(Values(network), (a, w) => (decay * a) + ((1 - decay) * w))];
        }

        var before = Values(network);
        using (average.InPlace())
        {
            Assert.That(Values(network), Is.EqualTo(expected).Within(1e-6));
            Assert.That(Values(network), Is.Not.EqualTo(before).Within(1e-6));
        }

        Assert.That(Values(network), Is.EqualTo(before), "training goes on with the weights themselves");
    }

    private static double[] Values(TrainedNetwork network) =>
        [.. network.Parameters.Values.detach().data<float>().ToArray().Select(value => (double)value)];
}
