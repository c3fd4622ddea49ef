using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MkdSeg.Datasets;
using MkdSeg.TestKit;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;
using MkdSeg.Training.Torch;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace MkdSeg.Training.Tests.Running;

public class BundleExporterTests
{
    private static readonly string[] Names = [.. TrainingMethods.All.Select(method => method.Name)];

    private static readonly LabelSet Labels = new(
    [
        new() { ClassIndex = 1, Name = "D", FullName = "disc", Value = 1, Color = "#ff0000" },
        new() { ClassIndex = 2, Name = "B", FullName = "bar", Value = 2, Color = "#00ff00" },
    ]);

    [TestCaseSource(nameof(Names))]
    public void What_every_method_exports_scores_as_its_networks_do(string name)
    {
        var options = TinyTraining.Options with { Method = name };
        using var folder = new TemporaryFolder();
        using var method = TinyTraining.Method(name, options);
        using var scope = NewDisposeScope();
        foreach (var stage in method.Stages)
        {
            stage.Step(TinyTraining.Batch(), new(1e-2, 1e-2));
        }

        var bundle = BundleExporter.Export(folder["bundle"], method, new("tiny", "CT", "MR", Labels, options));

        var x_t = TinyTraining.Batch().X_t;
        Assert.That(bundle.Segmentors, Is.Not.Empty);
        foreach (var file in bundle.Segmentors)
        {
            var s = method.Networks.Single(network => network.Role == file.Role);
            var expected = s.Forward(x_t, NormStatistics.Running).softmax(1).detach().data<float>().ToArray();
            var probabilities = Score(bundle.ReadNetwork(file.Role), file.InputName, x_t);
            Assert.That(
                probabilities.Zip(expected, (a, b) => Math.Abs(a - b)).Max(), Is.LessThanOrEqualTo(1e-4f), file.Role);
        }
    }

    [Test]
    public void What_was_trained_in_mixed_precision_is_exported_as_fp32([Values("baseline", "mkd")] string name)
    {
        var options = TinyTraining.Options with { Method = name, Precision = Precision.Mixed };
        using var folder = new TemporaryFolder();
        using var method = TinyTraining.Method(name, options);
        using var scope = NewDisposeScope();
        method.Step(TinyTraining.Batch(), new(1e-2, 1e-2));

        var bundle = BundleExporter.Export(folder["bundle"], method, new("tiny", "CT", "MR", Labels, options));

        Assert.That((string?)bundle.Training!["precision"], Is.EqualTo("mixed"));
        var x_t = TinyTraining.Batch().X_t;
        foreach (var file in bundle.Networks)
        {
            var network = method.Networks.Single(network => network.Role == file.Role);
            var expected = new TorchNetwork(network.Graph, network.Parameters).Forward(x_t, NormStatistics.Running);
            expected = file.Role[0] == 'S' ? expected.softmax(1) : expected;
            var result = Score(bundle.ReadNetwork(file.Role), file.InputName, x_t);
            // Weights rounded to bfloat16 would be off by a hundred times that.
            Assert.That(
                result.Zip(expected.detach().data<float>().ToArray(), (a, b) => Math.Abs(a - b)).Max(),
                Is.LessThanOrEqualTo(1e-5f), file.Role);
        }
    }

    [TestCase(true, false)]
    [TestCase(false, true)]
    public void A_heart_model_that_saw_every_contrast_phase_needs_no_contrast(bool syntheticAppearance, bool needsContrast)
    {
        var options = TinyTraining.Options with { Method = "baseline", SyntheticAppearance = syntheticAppearance };
        options = options with { Segmentor = options.Segmentor with { ClassCount = LabelSet.WholeHeart.ClassCount } };
        using var folder = new TemporaryFolder();
        using var method = TinyTraining.Method("baseline", options);
        var bundle = BundleExporter.Export(folder["bundle"], method, new("tiny", "CT", "MR", LabelSet.WholeHeart, options));
        Assert.That(bundle.EffectiveQuality.NeedsContrast, Is.EqualTo(needsContrast));
    }

    [TestCase("baseline", "S_real")]
    [TestCase("fine-tune", "S_real")]
    [TestCase("joint-training", "S_real")]
    [TestCase("x-shape", "S_real")]
    [TestCase("ummkd", "S_real")]
    [TestCase("jiang", "G_a→t", "G_t→a", "S_real")]
    [TestCase("zhang", "G_a→t", "G_t→a", "S_real")]
    [TestCase("zhang-ensemble", "G_a→t", "G_t→a", "S_real", "S_2")]
    [TestCase("mkd", "G_a→t", "G_t→a", "S_syn", "S_real")]
    [TestCase("mkd-without-iam", "S_syn", "S_real")]
    public void A_bundle_holds_the_targets_segmentors_and_the_generators(string name, params string[] roles)
    {
        var options = TinyTraining.Options with { Method = name };
        using var folder = new TemporaryFolder();
        using var method = TinyTraining.Method(name, options);

        var bundle = BundleExporter.Export(folder["bundle"], method, new("tiny", "CT", "MR", Labels, options));

        Assert.That(bundle.Networks.Select(network => network.Role), Is.EqualTo(roles));
        Assert.That(bundle.Segmentors.Select(network => network.Role), Is.EqualTo(roles.Where(role => role[0] == 'S')));
        Assert.That(bundle.AssistantModality, Is.EqualTo(roles.Length > 2 ? "MR" : null));
    }

    private static float[] Score(byte[] model, string inputName, Tensor x)
    {
        using var session = new InferenceSession(model);
        var image = new DenseTensor<float>(x.data<float>().ToArray(), [.. x.shape.Select(size => (int)size)]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(inputName, image)]);
        return results[0].AsTensor<float>().ToArray();
    }
}
