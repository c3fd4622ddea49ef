using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;

namespace MkdSeg.Training.Networks.Onnx;

/// <summary>
/// Writes a network as an ONNX model: opset 17, input "image" and one output of float (batch, channels, height, width)
/// with free batch, height and width. Nodes bear the layers' names. The same network, weights and metadata give the
/// same bytes.
/// </summary>
public static class OnnxWriter
{
    /// <summary>Operator set of the files.</summary>
    public const int OpsetVersion = 17;

    private const int IrVersion = 8;

    /// <summary>The model as the bytes of its file.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="weights">Its weights; others among them are left out.</param>
    /// <param name="metadata">What the file says about itself.</param>
    /// <exception cref="ArgumentException">A weight is missing or has another shape.</exception>
    public static byte[] ToBytes(NetworkGraph graph, Weights weights, OnnxMetadata metadata)
    {
        ArgumentNullException.ThrowIfNull(graph);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(metadata);
        return ToModel(graph, weights.For(graph), metadata).ToByteArray();
    }

    /// <summary>Writes the model, first under a temporary name beside it.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="weights">Its weights; others among them are left out.</param>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="metadata">What the file says about itself.</param>
    /// <exception cref="ArgumentException">A weight is missing or has another shape.</exception>
    public static void Write(NetworkGraph graph, Weights weights, string path, OnnxMetadata metadata)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var model = ToBytes(graph, weights, metadata);
        var fullPath = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(fullPath)!);
        var temporary = $"{fullPath}.{Path.GetRandomFileName()}";
        try
        {
            File.WriteAllBytes(temporary, model);
            File.Move(temporary, fullPath, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    private static ModelProto ToModel(NetworkGraph graph, Weights weights, OnnxMetadata metadata)
    {
        var model = new ModelProto
        {
            IrVersion = IrVersion,
            ProducerName = "MkdSeg",
            ProducerVersion = metadata.ProducerVersion,
            DocString = metadata.Description,
            Graph = new OnnxTranslation(graph, weights).Translate(),
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OpsetVersion } },
        };
        model.MetadataProps.AddRange(metadata.Properties
            .OrderBy(property => property.Key, StringComparer.Ordinal)
            .Select(property => new StringStringEntryProto { Key = property.Key, Value = property.Value }));
        return model;
    }
}
