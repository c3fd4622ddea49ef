using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class GraphBuilderTests
{
    private static GraphBuilder Builder(int channels = 1) => new("net", channels, Initialization.HeNormal);

    [Test]
    public void Nodes_and_parameters_are_named_after_their_layers()
    {
        var builder = Builder();
        var graph = builder.Build(
            builder.Input.Conv("down1", 4, 3, stride: 2, pad: 1).InstanceNorm().Relu().InstanceNorm("n").Relu(), "y");

        Assert.Multiple(() =>
        {
            Assert.That(
                graph.Nodes.Select(node => node.Name),
                Is.EqualTo(new[] { "input", "down1", "down1.norm", "down1.relu", "n", "n.relu" }));
            Assert.That(
                graph.Parameters.Select(spec => spec.Name),
                Is.EqualTo(new[] { "down1.weight", "down1.bias", "n.weight", "n.bias" }));
            Assert.That(graph.Parameters[0].Shape, Is.EqualTo(new long[] { 4, 1, 3, 3 }));
            Assert.That(graph.Nodes[1].Extent, Is.EqualTo(new Extent(1, 2, 0)));
        });
    }

    [Test]
    public void A_name_taken_twice_is_refused()
    {
        var x = Builder().Input.Conv("a", 4, 3);

        Assert.That(() => x.Conv("a", 4, 3), Throws.ArgumentException.With.Message.Contains("a"));
    }

    [Test]
    public void Channels_that_cannot_be_added_are_refused_by_name()
    {
        var builder = Builder();
        var left = builder.Input.Conv("left", 4, 1);
        var right = builder.Input.Conv("right", 5, 1);

        Assert.That(
            () => left.Add(right),
            Throws.ArgumentException.With.Message.EqualTo(
                "Layer 'left.add' of network 'net' does not fit: it adds 5 channels from 'right' to 4 from 'left'."));
    }

    [Test]
    public void Sizes_that_cannot_be_joined_are_refused_by_name()
    {
        var builder = Builder();
        var half = builder.Input.Conv("half", 4, 3, stride: 2, pad: 1);
        var unpadded = builder.Input.Conv("unpadded", 4, 3);

        Assert.Multiple(() =>
        {
            Assert.That(
                () => half.Concat(builder.Input),
                Throws.ArgumentException.With.Message.Contains("'half.concat'").And.Message.Contains("size/2"));
            Assert.That(
                () => builder.Input.Add(unpadded),
                Throws.ArgumentException.With.Message.Contains("'unpadded' has size−2"));
        });
    }

    [Test]
    public void Signals_of_another_network_are_refused()
    {
        var other = Builder().Input;

        Assert.That(
            () => Builder().Input.Add(other), Throws.ArgumentException.With.Message.Contains("another network"));
    }

    [Test]
    public void A_branch_that_leads_nowhere_is_refused()
    {
        var builder = Builder();
        builder.Input.Conv("forgotten", 4, 3);
        var output = builder.Input.Conv("kept", 4, 3);

        Assert.That(
            () => builder.Build(output, "y"), Throws.ArgumentException.With.Message.Contains("'forgotten'"));
    }

    [Test]
    public void Impossible_windows_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Builder().Input.Conv("c", 4, 0), Throws.ArgumentException.With.Message.Contains("'c'"));
        Assert.That(
            () => Builder().Input.ConvTranspose("t", 4, 3, stride: 2, outputPadding: 2),
            Throws.ArgumentException.With.Message.Contains("below the stride"));
    });
}
