using System.Text.Json;
using System.Text.Json.Nodes;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;
using TorchSharp;

namespace MkdSeg.Training.Running;

/// <summary>Exports the result of training: one ONNX file per network that is needed afterwards, and model.json.</summary>
internal static class BundleExporter
{
    private static readonly string Version = LibraryVersion.Of(typeof(BundleExporter));

    private static readonly SortedDictionary<string, string> ToolVersions = new(StringComparer.Ordinal)
    {
        ["MkdSeg"] = Version,
        ["TorchSharp"] = LibraryVersion.Of(typeof(torch)),
        [".NET"] = Environment.Version.ToString(),
    };

    /// <summary>Writes the current networks, and the locator if one was trained; replaces an existing bundle.</summary>
    public static ModelBundle Export(
        string folder, ITrainingMethod method, TrainingSource source, LocatorModel? locator = null)
    {
        var options = source.Options;
        var exported = method.Networks.Where(network => !network.ServesTrainingAlone).ToArray();
        var translates = exported.Any(network => NetworkRoles.IsGenerator(network.Role));
        var bundle = new ModelBundle
        {
            Name = source.Name,
            Modality = source.TargetModality,
            Channels = source.TakesPhotographs ? options.Segmentor.InputChannels : 1,
            PhotographSide = source.TakesPhotographs ? options.FieldSide : null,
            Labels = source.Labels.Structures,
            Preprocessing = options.Target,
            AssistantModality = translates ? source.AssistantModality : null,
            AssistantPreprocessing = translates ? options.Assistant : null,
            Networks =
            [
                .. exported.Select(network => File(network.Role, GraphOf(network))),
                .. locator is null ? (NetworkFile[])[] : [locator.File],
            ],
            Locator = locator?.Settings,
            Training = JsonSerializer.SerializeToNode(options, StrictJson.Options) as JsonObject,
            ToolVersions = ToolVersions,
        };
        if (options.SyntheticAppearance && bundle.EffectiveQuality.NeedsContrast)
            bundle = bundle with { Quality = QualityThresholds.AnyHeartCt };
        var files = exported.ToDictionary(
            network => network.Role, network => (ReadOnlyMemory<byte>)ToOnnx(network, source), StringComparer.Ordinal);
        if (locator is not null)
            files.Add(locator.File.Role, locator.Onnx);
        return BundleWriter.Write(folder, bundle, files);
    }

    public static NetworkFile File(string role, NetworkGraph graph) => new()
    {
        Role = role,
        File = role switch
        {
            NetworkRoles.GeneratorToTarget => "G_at.onnx",
            NetworkRoles.GeneratorToAssistant => "G_ta.onnx",
            _ => $"{role}.onnx",
        },
        InputName = graph.InputName,
        OutputName = graph.OutputName,
        SizeMultiple = graph.SizeMultiple,
    };

    /// <summary>Returns the bytes of an ONNX file that records what the network is and how it was trained.</summary>
    public static byte[] ToOnnx<TPreprocessing, TOptions>(
        NetworkGraph graph,
        Weights weights,
        string role,
        string description,
        string labels,
        TPreprocessing preprocessing,
        TOptions options,
        ulong seed) =>
        OnnxWriter.ToBytes(graph, weights, new()
        {
            Description = description,
            ProducerVersion = Version,
            Properties = new Dictionary<string, string>
            {
                ["role"] = role,
                ["labels"] = labels,
                ["preprocessing"] = JsonSerializer.Serialize(preprocessing, StrictJson.Options),
                ["training"] = JsonSerializer.Serialize(options, StrictJson.Options),
                ["seed"] = $"{seed}",
                ["version"] = Version,
            },
        });

    private static byte[] ToOnnx(TrainedNetwork network, TrainingSource source) => ToOnnx(
        GraphOf(network),
        network.Parameters.ToWeights(),
        network.Role,
        Describe(network.Role, source),
        string.Join(", ", source.Labels.Structures.Select(s => $"{s.ClassIndex} {s.Name}").Prepend("0 background")),
        network.Role == NetworkRoles.GeneratorToTarget ? source.Options.Assistant : source.Options.Target,
        source.Options,
        source.Options.Seed);

    private static NetworkGraph GraphOf(TrainedNetwork network) =>
        NetworkRoles.IsSegmentor(network.Role) ? network.Graph.WithSoftmax() : network.Graph;

    private static string Describe(string role, TrainingSource source) => role switch
    {
        NetworkRoles.GeneratorToTarget =>
            $"Translates {source.AssistantModality} slices into the look of {source.TargetModality}.",
        NetworkRoles.GeneratorToAssistant =>
            $"Translates {source.TargetModality} slices into the look of {source.AssistantModality}.",
        _ => $"Class probabilities of {source.TargetModality} slices: {source.Labels.Structures.Count} structures and "
            + "background.",
    };
}
