using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MkdSeg.Bridges.Tests.OnnxRuntime;

public class InferenceSessionTests
{
    [Test]
    public void TheNativeLibraryStatesAVersion()
    {
        Assert.That(OrtEnv.Instance().GetVersionString(), Does.Match(@"^1\.\d+\.\d+"));
    }

    [Test]
    public void AModelOfOneNodeRuns()
    {
        using var session = new InferenceSession(TinyOnnxModel.Binary("Add", -1, 3));

        Assert.That(session.InputMetadata.Keys, Is.EqualTo(new[] { "x", "y" }));
        Assert.That(session.InputMetadata["x"].Dimensions, Is.EqualTo(new[] { -1, 3 }));

        var x = new DenseTensor<float>(new float[] { 1, 2, 3, 4, 5, 6 }, [2, 3]);
        var y = new DenseTensor<float>(new float[] { 10, 20, 30, 40, 50, 60 }, [2, 3]);
        using var results = session.Run(
            [NamedOnnxValue.CreateFromTensor("x", x), NamedOnnxValue.CreateFromTensor("y", y)]);

        var z = results.Single().AsTensor<float>();
        Assert.That(z.Dimensions.ToArray(), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(z.ToArray(), Is.EqualTo(new float[] { 11, 22, 33, 44, 55, 66 }));
    }

    [Test]
    public void OrtValuesShareTheMemoryOfTheCaller()
    {
        using var session = new InferenceSession(TinyOnnxModel.Unary("Relu", 4));
        using var options = new RunOptions();
        var input = new float[] { -1, 2, -3, 4 };
        var output = new float[4];
        using var x = OrtValue.CreateTensorValueFromMemory(input, [4]);
        using var y = OrtValue.CreateTensorValueFromMemory(output, [4]);

        session.Run(options, ["x"], [x], ["y"], [y]);

        Assert.That(output, Is.EqualTo(new float[] { 0, 2, 0, 4 }));
    }

    [Test]
    public void BytesThatAreNoModelAreRefused()
    {
        Assert.That(() => new InferenceSession([1, 2, 3, 4]), Throws.InstanceOf<OnnxRuntimeException>());
    }
}
