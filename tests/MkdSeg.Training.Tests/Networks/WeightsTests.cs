using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class WeightsTests
{
    private static NetworkGraph Graph(Func<int, Initialization> kernels, params int[] channels)
    {
        var builder = new GraphBuilder($"net of {channels.Length}", 1, kernels);
        var x = builder.Input;
        for (var i = 0; i < channels.Length; i++)
            x = x.Conv($"conv{i}", channels[i], 3, pad: 1).BatchNorm($"norm{i}").Relu();
        return builder.Build(x, "y");
    }

    [Test]
    public void One_seed_gives_the_same_weights_and_another_seed_others()
    {
        var graph = Graph(Initialization.HeNormal, 8, 8);

        var hash = Weights.Initialize(7, graph).ComputeHash();

        Assert.That(Weights.Initialize(7, graph).ComputeHash(), Is.EqualTo(hash));
        Assert.That(Weights.Initialize(8, graph).ComputeHash(), Is.Not.EqualTo(hash));
    }

    [Test]
    public void Initial_values_follow_from_the_documented_generator()
    {
        // xoshiro256** seeded with SHA-256("7:conv0.weight") and the polar method, computed by a program apart.
        var weights = Weights.Initialize(7, Graph(_ => Initialization.Normal(0.02), 8));

        Assert.That(
            weights["conv0.weight"].Values.Take(4),
            Is.EqualTo(new[] { -0.0183118321f, 0.0227073301f, -0.00943265203f, -0.0171240028f }).Within(1e-8));
    }

    [Test]
    public void A_layer_more_leaves_the_others_as_they_were()
    {
        var small = Weights.Initialize(7, Graph(Initialization.HeNormal, 8, 8));
        var large = Weights.Initialize(7, Graph(Initialization.HeNormal, 8, 8, 8));

        Assert.That(large["conv1.weight"].Values, Is.EqualTo(small["conv1.weight"].Values));
        Assert.That(large["conv2.weight"].Values, Is.Not.EqualTo(small["conv1.weight"].Values));
    }

    [Test]
    public void Kernels_are_normal_with_the_stated_deviation_and_all_else_is_constant()
    {
        var he = Weights.Initialize(1, Graph(Initialization.HeNormal, 64, 64));
        var fixedWidth = Weights.Initialize(1, Graph(_ => Initialization.Normal(0.02), 64, 64));

        // 36 864 values: their standard deviation strays by about 0.4 %, their mean by 0.5 % of a deviation.
        Assert.Multiple(() =>
        {
            var expected = Math.Sqrt(2.0 / (64 * 9));
            Assert.That(Deviation(he["conv1.weight"]), Is.EqualTo(expected).Within(2).Percent);
            Assert.That(he["conv1.weight"].Values.Average(), Is.EqualTo(0).Within(0.03 * expected));
            Assert.That(Deviation(fixedWidth["conv1.weight"]), Is.EqualTo(0.02).Within(2).Percent);
            Assert.That(he["conv1.bias"].Values, Is.All.Zero);
            Assert.That(he["norm1.weight"].Values, Is.All.EqualTo(1));
            Assert.That(he["norm1.bias"].Values, Is.All.Zero);
            Assert.That(he["norm1.running_mean"].Values, Is.All.Zero);
            Assert.That(he["norm1.running_var"].Values, Is.All.EqualTo(1));
        });

        static double Deviation(WeightArray array) => Math.Sqrt(array.Values.Average(value => (double)value * value));
    }

    [Test]
    public void Networks_share_the_parameters_of_equal_names()
    {
        var small = Graph(Initialization.HeNormal, 8, 8);
        var large = Graph(Initialization.HeNormal, 8, 8, 8);

        var together = Weights.Initialize(7, small, large);

        Assert.That(together.Arrays, Has.Count.EqualTo(large.Parameters.Count));
        Assert.That(together.For(small).Arrays, Has.Count.EqualTo(small.Parameters.Count));
        Assert.That(together.For(small)["conv0.weight"], Is.SameAs(together.For(large)["conv0.weight"]));
    }

    [Test]
    public void Modalities_can_share_kernels_and_normalise_for_themselves()
    {
        static NetworkGraph Of(string modality)
        {
            var builder = new GraphBuilder(modality, 1, Initialization.HeNormal);
            return builder.Build(builder.Input.Conv("conv", 4, 3).InstanceNorm($"{modality}.norm").Relu(), "y");
        }

        var together = Weights.Initialize(7, Of("ct"), Of("mr"));

        Assert.That(
            together.Arrays.Select(array => array.Name),
            Is.EqualTo(new[]
            {
                "conv.bias", "conv.weight", "ct.norm.bias", "ct.norm.weight", "mr.norm.bias", "mr.norm.weight",
            }));
    }

    [Test]
    public void Equal_names_with_different_shapes_are_refused() =>
        Assert.That(
            () => Weights.Initialize(7, Graph(Initialization.HeNormal, 8), Graph(Initialization.HeNormal, 4, 4)),
            Throws.ArgumentException.With.Message.StartsWith(
                "Parameter 'conv0.weight' cannot be shared: it is a weight of shape (8, 1, 3, 3) in network 'net of " +
                "1' and a weight of shape (4, 1, 3, 3) in network 'net of 2'"));

    [Test]
    public void Weights_that_a_network_lacks_are_named() =>
        Assert.That(
            () => Weights.Initialize(7, Graph(Initialization.HeNormal, 8)).For(Graph(Initialization.HeNormal, 8, 8)),
            Throws.ArgumentException.With.Message.Contains("'conv1.weight', which the weights do not have"));

    [Test]
    public void Arrays_that_contradict_themselves_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(
            () => new WeightArray("a", [2, 2], [1, 2, 3]),
            Throws.ArgumentException.With.Message.Contains("(2, 2) takes 4 values, not 3"));
        Assert.That(
            () => new Weights([new WeightArray("a", [1], [1]), new WeightArray("a", [1], [1])]),
            Throws.ArgumentException.With.Message.Contains("'a' is given twice"));
    });
}
