using System.Runtime.InteropServices;
using Google.Protobuf;
using MkdSeg.Training.Networks.Onnx.Messages;
using static MkdSeg.Training.Networks.Onnx.Messages.TensorProto.Types;

namespace MkdSeg.Training.Networks.Onnx;

/// <summary>Reads back the weights that <see cref="OnnxWriter"/> wrote.</summary>
internal static class OnnxWeights
{
    /// <exception cref="UserErrorException">The bytes are not an ONNX model.</exception>
    public static Weights Read(byte[] model, string name)
    {
        try
        {
            return new(ModelProto.Parser.ParseFrom(model).Graph.Initializer
                .Where(tensor => tensor.DataType == (int)DataType.Float)
                .Select(tensor => new WeightArray(
                    tensor.Name,
                    [.. tensor.Dims],
                    MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray())));
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or NullReferenceException)
        {
            throw new UserErrorException($"{name}: the network's file is not an ONNX model; copy the bundle again.", error);
        }
    }
}
