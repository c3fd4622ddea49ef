using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class PatchDiscriminatorTests
{
    [Test]
    public void In_colour_it_has_the_parameters_counted_by_hand()
    {
        static long Layer(long from, long to) => 16 * from * to + to;

        var graph = PatchDiscriminator.Describe(new PatchDiscriminatorOptions { Channels = 3 });

        Assert.That(
            graph.ParameterCount,
            Is.EqualTo(Layer(3, 64) + Layer(64, 128) + Layer(128, 256) + Layer(256, 512) + Layer(512, 1))
                .And.EqualTo(2_764_737));
    }

    [TestCase(1, 16)]
    [TestCase(2, 34)]
    [TestCase(3, 70)]
    public void Each_output_sees_a_patch_of_the_stated_size(int layers, int patch)
    {
        var graph = PatchDiscriminator.Describe(new PatchDiscriminatorOptions { Width = 4, Layers = layers });

        // From the output back: a kernel adds (kernel − 1) steps, a stride multiplies the steps before it.
        var receptiveField = graph.Nodes.OfType<ConvNode>().Reverse()
            .Aggregate(1, (field, conv) => (field - 1) * conv.Stride + conv.Kernel);

        Assert.That(receptiveField, Is.EqualTo(patch));
    }

    [Test]
    public void It_rates_30_by_30_patches_of_256_pixels_and_takes_any_size()
    {
        var graph = PatchDiscriminator.Describe(new PatchDiscriminatorOptions());

        Assert.Multiple(() =>
        {
            Assert.That(graph.OutputSize(256, 256), Is.EqualTo((30, 30)));
            Assert.That(graph.SizeMultiple, Is.EqualTo(1));
            Assert.That(graph.OutputSize(101, 64), Is.EqualTo((10, 6)));
            Assert.That(
                () => graph.CheckSize(16, 16),
                Throws.ArgumentException.With.Message.Contains("conv4").And.Message.Contains("24×24"));
        });
    }

    [Test]
    public void Neither_the_first_nor_the_last_layer_is_normalised()
    {
        var graph = PatchDiscriminator.Describe(new PatchDiscriminatorOptions { Width = 4 });

        Assert.That(
            graph.Nodes.OfType<InstanceNormNode>().Select(node => graph.Nodes[node.Inputs[0]].Name),
            Is.EqualTo(new[] { "conv2", "conv3", "conv4" }));
    }
}
