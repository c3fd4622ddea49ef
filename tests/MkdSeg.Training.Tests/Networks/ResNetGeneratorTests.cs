using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class ResNetGeneratorTests
{
    [Test]
    public void In_colour_it_has_the_parameters_of_the_published_generator()
    {
        var graph = ResNetGenerator.Describe(new ResNetGeneratorOptions { Channels = 3 });

        Assert.That(graph.ParameterCount, Is.EqualTo(11_378_179));
    }

    [TestCase(256, 256)]
    [TestCase(32, 84)]
    public void The_result_is_as_large_as_the_image(int height, int width)
    {
        var graph = ResNetGenerator.Describe(new ResNetGeneratorOptions());

        Assert.That(graph.OutputSize(height, width), Is.EqualTo((height, width)));
        Assert.That(graph.OutputChannels, Is.EqualTo(1));
    }

    [TestCase(0, 1)]
    [TestCase(1, 2)]
    [TestCase(3, 8)]
    public void Sizes_are_multiples_of_the_downsampling(int downsamplings, int multiple)
    {
        var options = new ResNetGeneratorOptions { Width = 4, Blocks = 1, Downsamplings = downsamplings };

        Assert.That(ResNetGenerator.Describe(options).SizeMultiple, Is.EqualTo(multiple));
    }

    [Test]
    public void The_residual_output_adds_no_parameters()
    {
        var options = new ResNetGeneratorOptions { Width = 4, Blocks = 1 };

        var plain = ResNetGenerator.Describe(options);
        var residual = ResNetGenerator.Describe(options with { ResidualOutput = true });

        Assert.That(residual.ParameterCount, Is.EqualTo(plain.ParameterCount));
        Assert.That(residual.Nodes.OfType<AtanhNode>().Count(), Is.EqualTo(1));
        Assert.That(residual.Output, Is.TypeOf<TanhNode>());
    }

    [Test]
    public void The_skip_connection_adds_one_convolution_of_both_signals()
    {
        var options = new ResNetGeneratorOptions { Width = 4, Blocks = 1, Downsamplings = 1 };

        var plain = ResNetGenerator.Describe(options);
        var skipping = ResNetGenerator.Describe(options with { SkipConnection = true });

        Assert.That(skipping.ParameterCount - plain.ParameterCount, Is.EqualTo((8 * 4 * 3 * 3) + 4));
        Assert.That(skipping.OutputSize(32, 48), Is.EqualTo((32, 48)));
    }

    [Test]
    public void A_clip_where_atanh_is_infinite_is_refused() =>
        Assert.That(
            () => ResNetGenerator.Describe(new ResNetGeneratorOptions { ResidualClip = 1 }),
            Throws.ArgumentException.With.Message.Contains("between 0 and 1"));
}
