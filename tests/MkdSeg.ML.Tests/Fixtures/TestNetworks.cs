using MkdSeg.Bundles;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

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

    /// <summary>A locator that takes what is brighter than air and lung for heart, in the slice in question alone.</summary>
    public static LocatorSettings LocatorSettings { get; } = new()
    {
        SpacingMm = 4, ContextSlices = 3, ContextStep = 1, MarginMm = 2, LeastVolumeMl = 40,
        Window = new() { LowerValue = -1000, UpperValue = 1000 },
    };

    /// <summary>The network of <see cref="LocatorSettings"/>.</summary>
    public static byte[] Locator()
    {
        var builder = new GraphBuilder("locator", 3, Initialization.HeNormal);
        var graph = builder.Build(builder.Input.Conv("classify", 2, 1), "logits").WithSoftmax();
        return ToOnnx(graph, new Weights(
        [
            new("classify.weight", [2, 3, 1, 1], [0, 0, 0, 0, 60, 0]), new("classify.bias", [2], [0, 24]),
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

    public static byte[] ToOnnx(NetworkGraph graph, Weights weights) => OnnxWriter.ToBytes(graph, weights, new());

    /// <summary>A bundle of two thresholding segmentors that differ a little.</summary>
    public static ModelBundle WriteBundle(string folder, PreprocessingOptions? preprocessing = null) => BundleWriter.Write(
        folder, Bundle(preprocessing), Files());

    /// <summary>The same with a locator.</summary>
    public static ModelBundle WriteBundleWithLocator(string folder)
    {
        var (bundle, files) = (Bundle(null), Files());
        files.Add(NetworkRoles.Locator, Locator());
        return BundleWriter.Write(
            folder,
            bundle with { Locator = LocatorSettings, Networks = [.. bundle.Networks, Network(NetworkRoles.Locator)] },
            files);
    }

    private static ModelBundle Bundle(PreprocessingOptions? preprocessing) =>
        new()
        {
            Name = "threshold",
            Modality = "CT",
            Labels = [.. Labels.Structures],
            Preprocessing = preprocessing ?? Preprocessing,
            Networks = [Network(NetworkRoles.SSyn), Network(NetworkRoles.SReal)],
        };

    private static Dictionary<string, ReadOnlyMemory<byte>> Files() => new()
    {
        [NetworkRoles.SSyn] = Threshold(-0.5, 0.25),
        [NetworkRoles.SReal] = Threshold(-0.5, 0.15),
    };

    private static NetworkFile Network(string role) => new()
    {
        Role = role,
        File = $"{role}.onnx",
        InputName = "image",
        OutputName = "probabilities",
        SizeMultiple = 4,
    };
}
