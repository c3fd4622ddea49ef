using System.Text.Json;
using System.Text.Json.Nodes;
using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Training.Torch;
using MkdSeg.Training.Locating;
using MkdSeg.Training.Methods;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

namespace MkdSeg.Training.Bundles;

/// <summary>Exports what a training made: one ONNX file per network that is of use afterwards, and model.json.</summary>
public static class BundleExporter
{
    private static readonly Dictionary<string, string> FileNames = new(StringComparer.Ordinal)
    {
        [NetworkRoles.GeneratorToTarget] = "G_at.onnx",
        [NetworkRoles.GeneratorToAssistant] = "G_ta.onnx",
    };

    /// <summary>Writes a bundle; one that is there is replaced when the new one is complete.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="method">The method with its networks as they stand.</param>
    /// <param name="source">What the training was given.</param>
    /// <param name="locator">The locator that was trained beside the method, if there is one.</param>
    public static ModelBundle Export(
        string folder, ITrainingMethod method, TrainingSource source, LocatorModel? locator = null)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(source);
        var options = source.Options;
        var exported = method.Networks.Where(network => !network.ServesTrainingAlone).ToArray();
        var translates = exported.Any(network => NetworkRoles.IsGenerator(network.Role));
        var bundle = new ModelBundle
        {
            Name = source.Name,
            Modality = source.TargetModality,
            Channels = options.Segmentor.InputChannels,
            PhotographSide = source.TakesPhotographs ? options.FieldSide : null,
            Labels = source.Labels.Structures,
            Preprocessing = options.Target,
            AssistantModality = translates ? source.AssistantModality : null,
            AssistantPreprocessing = translates ? options.Assistant : null,
            Networks =
            [
                .. exported.Select(network => new NetworkFile
                {
                    Role = network.Role,
                    File = FileNames.GetValueOrDefault(network.Role, $"{network.Role}.onnx"),
                    InputName = GraphOf(network).InputName,
                    OutputName = GraphOf(network).OutputName,
                    SizeMultiple = network.Graph.SizeMultiple,
                }),
                .. locator is null ? (NetworkFile[])[] : [locator.File],
            ],
            Locator = locator?.Settings,
            Training = JsonSerializer.SerializeToNode(source.Options, StrictJson.Options) as JsonObject,
            ToolVersions = ToolVersions.Current,
        };
        var files = exported.ToDictionary(
            network => network.Role, network => (ReadOnlyMemory<byte>)ToOnnx(network, source), StringComparer.Ordinal);
        if (locator is not null)
            files.Add(locator.File.Role, locator.Onnx);
        return BundleWriter.Write(folder, bundle, files);
    }

    private static NetworkGraph GraphOf(TrainedNetwork network) =>
        NetworkRoles.IsSegmentor(network.Role) ? network.Graph.WithSoftmax() : network.Graph;

    private static byte[] ToOnnx(TrainedNetwork network, TrainingSource source)
    {
        var preprocessing = network.Role == NetworkRoles.GeneratorToTarget ? source.Options.Assistant : source.Options.Target;
        var metadata = new OnnxMetadata
        {
            Description = Describe(network.Role, source),
            ProducerVersion = ToolVersions.Program,
            Properties = new Dictionary<string, string>
            {
                ["role"] = network.Role,
                ["labels"] = string.Join(
                    ", ", source.Labels.Structures.Select(s => $"{s.ClassIndex} {s.Name}").Prepend("0 background")),
                ["preprocessing"] = JsonSerializer.Serialize(preprocessing, StrictJson.Options),
                ["training"] = JsonSerializer.Serialize(source.Options, StrictJson.Options),
                ["version"] = ToolVersions.Program,
            },
        };
        return OnnxWriter.ToBytes(GraphOf(network), network.Parameters.ToWeights(), metadata);
    }

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
