using MkdSeg.Bundles;
using MkdSeg.Labels;
using MkdSeg.Networks;
using MkdSeg.Networks.Onnx;
using MkdSeg.Preprocessing;

namespace MkdSeg.ML.Tests.Fixtures;

/// <summary>Small networks whose answers are known, and bundles of them.</summary>
internal static class TestNetworks
{
    /// <summary>Two structures: "shell" for mid and "core" for high intensities.</summary>
    public static LabelSet Labels { get; } = new(
    [
        new() { ClassIndex = 1, Name = "shell", FullName = "outer part", Value = 205, Color = "#ff0000" },
        new() { ClassIndex = 2, Name = "core", FullName = "inner part", Value = 500, Color = "#00ff00" },
    ]);

    /// <summary>Orientation LPS, 2 mm pixels, -1000 to 1000 HU on [-1, 1].</summary>
    public static PreprocessingOptions Preprocessing { get; } = new()
    {
        InPlaneSpacingMm = 2,
        PatchSize = 48,
        ZMarginMm = 6,
        Window = new() { LowerValue = -1000, UpperValue = 1000 },
        Crop = CropRule.Label,
    };

    /// <summary>
    /// Probabilities of three classes, pixel by pixel: background below the first threshold, then shell, then core. The
    /// logits are lines of slope 0, s and 2s that cross at the thresholds.
    /// </summary>
    public static byte[] Threshold(double first = -0.5, double second = 0.15, double sharpness = 60)
    {
        var builder = new GraphBuilder("threshold", 1, Initialization.HeNormal);
        var graph = builder.Build(builder.Input.Conv("classify", 3, 1), "logits").WithSoftmax();
        var s = sharpness;
        return ToOnnx(graph, new Weights(
        [
            new("classify.weight", [3, 1, 1, 1], [0, (float)s, (float)(2 * s)]),
            new("classify.bias", [3], [0, (float)(-s * first), (float)(-s * (first + second))]),
        ]));
    }

    /// <summary>A residual U-Net with random weights.</summary>
    public static byte[] RandomUNet(ulong seed, int classCount = 3)
    {
        var graph = ResidualUNet.Describe(new()
        {
            ClassCount = classCount,
            Filters = [4, 8],
            Strides = [1, 2],
            ResidualUnits = 1,
        });
        return ToOnnx(graph.WithSoftmax(), Weights.Initialize(seed, graph));
    }

    public static byte[] ToOnnx(NetworkGraph graph, Weights weights)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            OnnxWriter.Write(graph, weights, path, new());
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A bundle of two thresholding segmentors that differ a little.</summary>
    public static ModelBundle WriteBundle(string folder, PreprocessingOptions? preprocessing = null) => BundleWriter.Write(
        folder,
        new()
        {
            Name = "threshold",
            Modality = "CT",
            Labels = [.. Labels.Structures],
            Preprocessing = preprocessing ?? Preprocessing,
            Networks = [Network(NetworkRoles.SSyn), Network(NetworkRoles.SReal)],
        },
        new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [NetworkRoles.SSyn] = Threshold(-0.5, 0.25),
            [NetworkRoles.SReal] = Threshold(-0.5, 0.15),
        });

    private static NetworkFile Network(string role) => new()
    {
        Role = role,
        File = $"{role}.onnx",
        InputName = "image",
        OutputName = "probabilities",
        SizeMultiple = 4,
    };
}
