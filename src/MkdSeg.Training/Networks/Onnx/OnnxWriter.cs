using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;

namespace MkdSeg.Training.Networks.Onnx;

/// <summary>
/// Writes a network as an ONNX model: opset 17, input "image" and one output of float (batch, channels, height, width)
/// with dynamic batch, height and width. Nodes are named after the layers. The same network, weights and metadata give the
/// same bytes.
/// </summary>
internal static class OnnxWriter
{
    public const int OpsetVersion = 17;

    private const int IrVersion = 8;

    /// <summary>Returns the bytes of the model file; rejects missing weights and weights of another shape.</summary>
    public static byte[] ToBytes(NetworkGraph graph, Weights weights, OnnxMetadata metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MkdSeg",
            ProducerVersion = metadata.ProducerVersion,
            DocString = metadata.Description,
            Graph = new OnnxTranslation(graph, weights.For(graph)).Translate(),
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OpsetVersion } },
        };
        model.MetadataProps.AddRange(metadata.Properties
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => new StringStringEntryProto { Key = property.Key, Value = property.Value }));
        return model.ToByteArray();
    }
}

/// <summary>The metadata of an ONNX file: a description, the version, and named texts.</summary>
internal sealed record OnnxMetadata
{
    public string Description { get; init; } = "";
    public string ProducerVersion { get; init; } = "";
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();
}
