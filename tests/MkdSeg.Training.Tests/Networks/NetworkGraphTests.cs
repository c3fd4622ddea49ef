using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class NetworkGraphTests
{
    private static readonly NetworkGraph UNet = ResidualUNet.Describe(new ResidualUNetOptions());

    [Test]
    public void A_size_that_strides_do_not_divide_is_refused_with_the_layer_and_sizes_that_fit() =>
        Assert.That(
            () => UNet.CheckSize(64, 60),
            Throws.ArgumentException.With.Message.EqualTo(
                "Network 'ResidualUNet' cannot process 64×60 pixels: layer 'encode3.unit1.conv1' would get 15 " +
                "pixels, which its stride of 2 does not divide; height and width must be multiples of 8 (56 " +
                "or 64 would fit)."));

    [Test]
    public void A_size_that_leaves_a_single_pixel_to_normalise_is_refused() =>
        Assert.That(
            () => UNet.CheckSize(8, 8),
            Throws.ArgumentException.With.Message.EqualTo(
                "Network 'ResidualUNet' cannot process 8×8 pixels: layer 'encode3.unit1.norm2' would get 1×1, but a " +
                "single pixel has no variance to normalise by; the smallest square that fits is 16×16."));

    [Test]
    public void A_border_wider_than_the_image_is_refused()
    {
        var graph = ResNetGenerator.Describe(new ResNetGeneratorOptions { Width = 4, Blocks = 1, Downsamplings = 0 });

        Assert.That(
            () => graph.CheckSize(3, 8),
            Throws.ArgumentException.With.Message.Contains("input.reflect_pad").And.Message.Contains("4×4"));
    }

    [TestCase(0)]
    [TestCase(-8)]
    public void An_empty_image_is_refused(int height) =>
        Assert.That(() => UNet.CheckSize(height, 64), Throws.ArgumentException);

    [Test]
    public void Pooling_beside_a_padded_stride_asks_for_even_sizes()
    {
        // An odd size is rounded up by the one and down by the other, so that they cannot be added.
        var builder = new GraphBuilder("net", 1, Initialization.HeNormal);
        var conv = builder.Input.Conv("conv", 1, 3, stride: 2, pad: 1);
        var graph = builder.Build(conv.Add(builder.Input.MaxPool(2)), "y");

        Assert.That(graph.SizeMultiple, Is.EqualTo(2));
    }
}
