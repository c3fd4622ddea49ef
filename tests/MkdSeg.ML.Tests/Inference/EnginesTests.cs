using Microsoft.ML;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Transforms.Onnx;
using MkdSeg.Common;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Tests.Fixtures;

namespace MkdSeg.ML.Tests.Inference;

/// <summary>That the engines are Microsoft's own, and that what is said about them is what is used.</summary>
public class EnginesTests
{
    // The keys that Microsoft signs ML.NET and ONNX Runtime with.
    [TestCase(typeof(MLContext), "cc7b13ffcd2ddd51")]
    [TestCase(typeof(OnnxTransformer), "cc7b13ffcd2ddd51")]
    [TestCase(typeof(InferenceSession), "f27f157f0a5b7bb6")]
    public void Assemblies_are_signed_by_Microsoft(Type type, string token)
    {
        var name = type.Assembly.GetName();
        Assert.That(Convert.ToHexStringLower(name.GetPublicKeyToken()!), Is.EqualTo(token), name.FullName);
    }

    [Test]
    public void Versions_are_those_of_the_packages()
    {
        var packages = File.ReadAllText(Repository.File("Directory.Packages.props"));
        Assert.Multiple(() =>
        {
            Assert.That(packages, Does.Contain($"Include=\"Microsoft.ML\" Version=\"{Engines.MlNetVersion}\""));
            Assert.That(packages, Does.Contain($"Include=\"Microsoft.ML.OnnxRuntime\" Version=\"{Engines.OnnxRuntimeVersion}\""));
        });
    }

    [Test]
    public void The_line_for_a_log_names_versions_and_the_device_in_use()
    {
        Assert.That(
            Engines.Describe(new() { Device = "cpu" }),
            Is.EqualTo($"ML.NET {Engines.MlNetVersion}, ONNX Runtime {Engines.OnnxRuntimeVersion} on the CPU"));
    }

    [Test]
    public void A_session_on_the_CPU_is_not_taken_for_one_on_a_GPU()
    {
        var (session, device) = Engines.Open(
            TestNetworks.RandomUNet(1), "network", new() { Device = "cpu" }, operatorThreads: 1);
        using (session)
            Assert.That((device, Engines.RunsOnGpu(session)), Is.EqualTo(("cpu", false)));
    }

    [Test]
    public void A_device_that_is_not_there_is_refused_by_name_and_passed_over_by_auto()
    {
        if (OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
            Assert.Ignore("This ONNX Runtime has CUDA.");
        Assert.Multiple(() =>
        {
            Assert.That(
                () => Engines.Describe(new() { Device = "cuda" }),
                Throws.TypeOf<UserErrorException>().With.Message.Contains("Microsoft.ML.OnnxRuntime.Gpu"));
            Assert.That(Engines.Describe(), Does.EndWith("on the CPU"));
        });
    }
}
