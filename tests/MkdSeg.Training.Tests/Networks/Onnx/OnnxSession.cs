using Microsoft.ML.OnnxRuntime;
using MkdSeg.Training.Networks;
using MkdSeg.Training.Networks.Onnx;

namespace MkdSeg.Training.Tests.Networks.Onnx;

/// <summary>Exports a network and evaluates it with ONNX Runtime.</summary>
internal static class OnnxSession
{
    public static (float[] Values, long[] Shape) Run(
        NetworkGraph graph, Weights weights, float[] image, params long[] shape)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1 };
        using var session = new InferenceSession(OnnxWriter.ToBytes(graph, weights, new()), options);
        using var input = OrtValue.CreateTensorValueFromMemory(image, shape);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [graph.InputName], [input], [graph.OutputName]);
        var info = outputs[0].GetTensorTypeAndShape();
        return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), info.Shape);
    }
}
