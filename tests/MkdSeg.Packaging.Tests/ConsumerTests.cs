using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Metrics;
using MkdSeg.Phantom;
using MkdSeg.Volumes;

namespace MkdSeg.Packaging.Tests;

/// <summary>The packages, used outside of the repository by an application and as a command.</summary>
[NonParallelizable]
public class ConsumerTests
{
    private static readonly string s_bundle = Repository.File("onnx/phantom-ct");
    private TemporaryFolder _data = null!;
    private Feed _feed = null!;
    private string _label = "";

    [OneTimeSetUp]
    public void Pack_and_make_a_case()
    {
        _feed = Feed.Make();
        _data = new TemporaryFolder();
        var manifest = PhantomDataset.Write(_data["data"], new() { Seed = 5, CtTrain = 0, MrTrain = 0, CtTest = 1 });
        var entry = manifest.Cases.Single();
        Directory.CreateDirectory(_data["in"]);
        File.Copy(manifest.ImagePath(entry), _data["in", "case.nii.gz"]);
        _label = manifest.LabelPath(entry)!;
    }

    [OneTimeTearDown]
    public void Remove_all()
    {
        _data?.Dispose();
        _feed?.Dispose();
    }

    [Test]
    public void An_application_restores_builds_and_scores()
    {
        var folder = Path.Combine(_feed.Workplace, "application");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "Application.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <NuGetAudit>false</NuGetAudit>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MkdSeg.ML" Version="{_feed.Version}" />
                <PackageReference Include="MkdSeg.Training" Version="{_feed.Version}" />
              </ItemGroup>
            </Project>
            """);
        // The sample, and a line that brings libtorch in.
        File.WriteAllText(
            Path.Combine(folder, "Program.cs"),
            File.ReadAllText(Repository.File("samples/ScoreFolder/Program.cs")) +
            "Console.WriteLine(MkdSeg.Training.Torch.ComputeDevice.Open(MkdSeg.Training.DeviceKind.Cpu, 1).type);\n");
        Tool.RunWell(folder, "dotnet", "build", "--nologo", "--output", "built");
        var program = Path.Combine(folder, "built", "Application.dll");
        var lines = Tool.RunWell(folder, "dotnet", program, s_bundle, _data["in"], _data["masks"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Is.EqualTo(new[] { _data["masks", "case.nii.gz"], "CPU" }));
        Assert.That(MeanDice(lines[0]), Is.GreaterThan(0.8));

        if (_feed.Version.Contains("closed", StringComparison.Ordinal))
            SaysWhatToInstall(folder, program, "libtorchsharp_bridge.so", "libtorch1.13");
    }

    [Test]
    public void The_tool_installs_and_scores()
    {
        Tool.RunWell(
            _feed.Workplace, "dotnet", "tool", "install", "MkdSeg.Cli", "--version", _feed.Version, "--tool-path", "tools",
            "--configfile", Path.Combine(_feed.Workplace, "NuGet.config"));
        var mkdseg = Path.Combine(_feed.Workplace, "tools", "mkdseg");
        Assert.That(Tool.RunWell(_data.Path, mkdseg, "info", s_bundle), Does.Contain("S_real"));
        Tool.RunWell(_data.Path, mkdseg, "score", "in", "--model", s_bundle, "--out", "scored", "--device", "cpu");
        Assert.That(MeanDice(_data["scored", "case.nii.gz"]), Is.GreaterThan(0.8));
    }

    /// <summary>A native library that cannot be loaded is answered by the packages to install.</summary>
    private void SaysWhatToInstall(string folder, string program, string library, string package)
    {
        var path = Path.Combine(folder, "built", "runtimes", "linux-x64", "native", library);
        File.WriteAllText(path, "");
        var (exit, _, error) = Tool.Run(folder, "dotnet", program, s_bundle, _data["in"], _data["masks"]);
        Assert.That(exit, Is.Not.Zero);
        Assert.That(error, Does.Contain($"apt-get install --no-install-recommends {package}"));
    }

    private double MeanDice(string mask) =>
        Dice.PerStructure(Classes(mask), Classes(_label), LabelSet.WholeHeart.ClassCount).Average();

    private static Volume<byte> Classes(string path) =>
        LabelSet.WholeHeart.ToClasses(VolumeFile.ReadLabels(path), path);
}
