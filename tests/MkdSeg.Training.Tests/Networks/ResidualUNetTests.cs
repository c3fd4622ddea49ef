using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Tests.Networks;

[TestFixture]
public class ResidualUNetTests
{
    [Test]
    public void The_default_has_the_parameters_counted_by_hand()
    {
        // A unit: norm of the input, first kernel, norm, second kernel, and the 3×3 shortcut where channels are lost.
        static long Unit(long from, long to, long kernel) =>
            2 * from + kernel * kernel * from * to + 2 * to + 9 * to * to + (from > to ? 9 * from * to : 0);

        var expected = 9 * 16 + Unit(16, 32, 4) + Unit(32, 64, 4) + Unit(64, 128, 4) +
            Unit(64 + 128, 64, 3) + Unit(32 + 64, 32, 3) + Unit(16 + 32, 16, 3) + 16 * 8 + 8;
        var ofSecondUnits = Unit(32, 32, 3) + Unit(64, 64, 3) + Unit(128, 128, 3) +
            Unit(64, 64, 3) + Unit(32, 32, 3) + Unit(16, 16, 3);

        var graph = ResidualUNet.Describe(new ResidualUNetOptions());
        var deeper = ResidualUNet.Describe(new ResidualUNetOptions { ResidualUnits = 2 });

        Assert.That(graph.ParameterCount, Is.EqualTo(expected).And.EqualTo(706_104));
        Assert.That(deeper.ParameterCount, Is.EqualTo(expected + ofSecondUnits));
    }

    [Test]
    public void The_result_has_one_logit_a_class_at_the_size_of_the_image()
    {
        var graph = ResidualUNet.Describe(new ResidualUNetOptions { InputChannels = 3, ClassCount = 5 });

        Assert.Multiple(() =>
        {
            Assert.That(graph.InputChannels, Is.EqualTo(3));
            Assert.That(graph.OutputChannels, Is.EqualTo(5));
            Assert.That(graph.SizeMultiple, Is.EqualTo(8));
            Assert.That(graph.OutputSize(24, 40), Is.EqualTo((24, 40)));
            Assert.That(graph.OutputName, Is.EqualTo("logits"));
            Assert.That(graph.WithSoftmax().OutputName, Is.EqualTo("probabilities"));
            Assert.That(graph.WithSoftmax().Output, Is.TypeOf<SoftmaxNode>());
            Assert.That(graph.WithSoftmax().Parameters, Is.EqualTo(graph.Parameters));
        });
    }

    [Test]
    public void Batch_normalisation_keeps_running_statistics_as_buffers()
    {
        var options = new ResidualUNetOptions { Filters = [4, 8], Strides = [1, 2], ResidualUnits = 1 };
        var instance = ResidualUNet.Describe(options);
        var batch = ResidualUNet.Describe(options with { Norm = Normalization.Batch });

        var buffers = batch.Parameters.Where(spec => !spec.Trainable).ToList();

        Assert.Multiple(() =>
        {
            Assert.That(batch.ParameterCount, Is.EqualTo(instance.ParameterCount));
            Assert.That(instance.Parameters.All(spec => spec.Trainable), Is.True);
            Assert.That(buffers, Has.Count.EqualTo(2 * batch.Nodes.OfType<BatchNormNode>().Count()));
            Assert.That(buffers.Select(spec => spec.Name), Has.Some.EqualTo("encode1.unit1.norm1.running_var"));
        });
    }

    [TestCase(new[] { 1, 2 }, "3 and 2")]
    [TestCase(new[] { 2, 2, 2 }, "1 at the first")]
    [TestCase(new[] { 1, 3, 2 }, "1 or even")]
    public void Strides_that_do_not_fit_are_refused(int[] strides, string reason)
    {
        var options = new ResidualUNetOptions { Filters = [4, 8, 8], Strides = strides };

        Assert.That(() => ResidualUNet.Describe(options), Throws.ArgumentException.With.Message.Contains(reason));
    }

    [Test]
    public void Larger_strides_come_back_to_the_size_of_the_image()
    {
        var options = new ResidualUNetOptions { Filters = [4, 8, 8], Strides = [1, 4, 2], ResidualUnits = 1 };

        var graph = ResidualUNet.Describe(options);

        Assert.That(graph.SizeMultiple, Is.EqualTo(8));
        Assert.That(graph.OutputSize(32, 16), Is.EqualTo((32, 16)));
    }
}
