using MkdSeg.Training.Networks.Onnx;
using MkdSeg.Training.Networks;
using Microsoft.ML.OnnxRuntime;

namespace MkdSeg.Training.Tests.Networks.Onnx;

/// <summary>Exports a network into a temporary file and evaluates it with ONNX Runtime.</summary>
internal static class OnnxSession
{
    public static (float[] Values, long[] Shape) Run(
        NetworkGraph graph, Weights weights, float[] image, params long[] shape)
    {
        var path = Path.Combine(Path.GetTempPath(), $"mkdseg-{Path.GetRandomFileName()}.onnx");
        try
        {
            OnnxWriter.Write(graph, weights, path, new OnnxMetadata());
            using var options = new SessionOptions { IntraOpNumThreads = 1 };
            using var session = new InferenceSession(path, options);
            using var input = OrtValue.CreateTensorValueFromMemory(image, shape);
            using var run = new RunOptions();
            using var outputs = session.Run(run, [graph.InputName], [input], [graph.OutputName]);
            var info = outputs[0].GetTensorTypeAndShape();
            return (outputs[0].GetTensorDataAsSpan<float>().ToArray(), info.Shape);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
