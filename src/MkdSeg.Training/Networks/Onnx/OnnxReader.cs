using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;

namespace MkdSeg.Training.Networks.Onnx;

/// <summary>Reads what an ONNX file says about itself, without running it.</summary>
public static class OnnxReader
{
    /// <summary>Description, producer and properties of a model.</summary>
    /// <param name="path">An ONNX file.</param>
    /// <exception cref="InvalidDataException">The file is not an ONNX model.</exception>
    public static OnnxMetadata ReadMetadata(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var model = Parse(path);
        return new OnnxMetadata
        {
            Description = model.DocString,
            ProducerVersion = model.ProducerVersion,
            Properties = model.MetadataProps.ToDictionary(entry => entry.Key, entry => entry.Value),
        };
    }

    private static ModelProto Parse(string path)
    {
        using var stream = File.OpenRead(path);
        try
        {
            var model = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(stream);
            if (model.IrVersion > 0 && model.Graph is not null)
                return model;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException($"{path} is not an ONNX model: {exception.Message}", exception);
        }

        throw new InvalidDataException($"{path} is not an ONNX model: it holds no graph.");
    }
}
