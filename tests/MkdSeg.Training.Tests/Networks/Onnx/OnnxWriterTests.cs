using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using MkdSeg.TestKit;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

namespace MkdSeg.Training.Tests.Networks.Onnx;

[TestFixture]
public class OnnxWriterTests
{
    private static readonly ResidualUNetOptions SmallUNet = new()
    {
        Filters = [4, 8, 8], Strides = [1, 2, 2], ResidualUnits = 1, ClassCount = 3,
    };

    private static readonly ResNetGeneratorOptions SmallGenerator = new() { Width = 4, Blocks = 2 };

    private static readonly Dictionary<string, NetworkGraph> Graphs = new()
    {
        ["unet"] = ResidualUNet.Describe(SmallUNet).WithSoftmax(),
        ["unet with batch norm"] = ResidualUNet.Describe(SmallUNet with { Norm = Normalization.Batch }).WithSoftmax(),
        ["generator"] = ResNetGenerator.Describe(SmallGenerator),
        ["generator with a skip connection"] = ResNetGenerator.Describe(SmallGenerator with { SkipConnection = true }),
        ["residual generator"] = ResNetGenerator.Describe(SmallGenerator with { ResidualOutput = true }),
        ["discriminator"] = PatchDiscriminator.Describe(new PatchDiscriminatorOptions { Width = 4 }),
    };

    private static readonly OnnxMetadata Metadata = new()
    {
        Description = "a test model",
        ProducerVersion = "1.2.3",
        Properties = new Dictionary<string, string> { ["spacing"] = "1 1 2", ["labels"] = "LV, RV" },
    };

    [Test]
    public void The_same_network_and_weights_give_the_same_bytes()
    {
        var graph = Graphs["unet"];
        var reordered = Metadata with { Properties = Metadata.Properties.Reverse().ToDictionary() };

        var bytes = OnnxWriter.ToBytes(graph, Weights.Initialize(3, graph), Metadata);
        Assert.That(OnnxWriter.ToBytes(graph, Weights.Initialize(3, graph), reordered), Is.EqualTo(bytes));
    }

    [Test]
    public void Onnx_runtime_reads_the_metadata()
    {
        var graph = Graphs["unet"];
        using var session = new InferenceSession(OnnxWriter.ToBytes(graph, Weights.Initialize(3, graph), Metadata));

        var read = session.ModelMetadata;
        Assert.Multiple(() =>
        {
            Assert.That(read.Description, Is.EqualTo(Metadata.Description));
            Assert.That(read.ProducerName, Is.EqualTo("MkdSeg"));
            Assert.That(read.CustomMetadataMap, Is.EquivalentTo(Metadata.Properties));
        });
    }

    [Test]
    public void Weights_of_another_network_are_refused() => Assert.That(
        () => OnnxWriter.ToBytes(Graphs["unet"], Weights.Initialize(3, Graphs["generator"]), Metadata),
        Throws.ArgumentException.With.Message.Contains("encode0.weight"));

    [TestCase("unet", 1, 16, 16)]
    [TestCase("unet", 3, 8, 24)]
    [TestCase("unet with batch norm", 2, 4, 12)]
    [TestCase("generator", 1, 16, 16)]
    [TestCase("generator", 2, 20, 32)]
    [TestCase("residual generator", 1, 12, 8)]
    [TestCase("discriminator", 1, 64, 33)]
    public void Any_batch_and_size_that_fits_can_be_run(string name, int batch, int height, int width)
    {
        var graph = Graphs[name];
        var random = new Random(1);
        var image = Enumerable.Range(0, batch * height * width).Select(_ => random.NextSingle() * 2 - 1).ToArray();

        var (values, shape) = OnnxSession.Run(
            graph, Weights.Initialize(3, graph), image, batch, 1, height, width);

        var (outputHeight, outputWidth) = graph.OutputSize(height, width);
        Assert.That(shape, Is.EqualTo(new long[] { batch, graph.OutputChannels, outputHeight, outputWidth }));
        Assert.That(values, Is.All.Matches<float>(float.IsFinite));
        if (graph.Output is SoftmaxNode)
        {
            var area = height * width;
            var sum = Enumerable.Range(0, graph.OutputChannels).Sum(channel => values[channel * area]);
            Assert.That(sum, Is.EqualTo(1).Within(1e-5));
        }
    }

    [TestCaseSource(nameof(GraphNames))]
    public void An_independent_checker_accepts_the_file_and_infers_the_declared_shape(string name)
    {
        const string script = """
            import sys, onnx
            model = onnx.load(sys.argv[1])
            onnx.checker.check_model(model, full_check=True)
            for dim, size in zip(model.graph.input[0].type.tensor_type.shape.dim, sys.argv[2:]):
                dim.dim_value = int(size)
            declared = model.graph.output[0].type.tensor_type.shape
            channels = declared.dim[1].dim_value
            model.graph.output[0].type.tensor_type.ClearField('shape')
            inferred = onnx.shape_inference.infer_shapes(model, strict_mode=True, data_prop=True)
            shape = [dim.dim_value for dim in inferred.graph.output[0].type.tensor_type.shape.dim]
            names = model.graph.input[0].name, model.graph.output[0].name
            print(model.opset_import[0].version, *names, channels, *shape)
            """;
        if (RunPython("import onnx") is not (0, _, _))
            Assert.Ignore("Debian's python3-onnx is not installed.");
        var graph = Graphs[name];
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.onnx"], OnnxWriter.ToBytes(graph, Weights.Initialize(3, graph), Metadata));

        var (exitCode, output, error) = RunPython(script, folder["a.onnx"], "2", "1", "48", "64");

        var (height, width) = graph.OutputSize(48, 64);
        var channels = graph.OutputChannels;
        Assert.That(exitCode, Is.Zero, error);
        Assert.That(
            output.Trim(),
            Is.EqualTo($"17 image {graph.OutputName} {channels} 2 {channels} {height} {width}"));
    }

    private static string[] GraphNames() => [.. Graphs.Keys];

    private static (int ExitCode, string Output, string Error) RunPython(string script, params string[] arguments)
    {
        const string python = "/usr/bin/python3";
        if (!File.Exists(python))
            return (-1, "", "");
        using var process = Process.Start(new ProcessStartInfo(python, ["-c", script, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
