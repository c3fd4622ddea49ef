using System.IO.Compression;
using System.Xml.Linq;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Metrics;
using MkdSeg.Phantom;

namespace MkdSeg.Packaging.Tests;

/// <summary>The packages of this build: what is in them, and their use outside of the repository.</summary>
[NonParallelizable]
public class PackageTests
{
    private static readonly string Bundle = Repository.File("onnx/phantom-ct");
    private TemporaryFolder _data = null!;
    private Feed _feed = null!;
    private string _label = "";

    [OneTimeSetUp]
    public void Pack_and_make_a_case()
    {
        _feed = new Feed();
        _data = new TemporaryFolder();
        var manifest = PhantomDataset.Write(_data["data"], new() { Seed = 5, CtTrain = 1, MrTrain = 1, CtTest = 1 });
        var entry = manifest.Cases.Single(item => item.Split == "test");
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

    [TestCase("MkdSeg", "", "MkdSeg SimpleITKCSharpManaged")]
    [TestCase(
        "MkdSeg.Training", "Google.Protobuf MkdSeg SkiaSharp.NativeAssets.Linux.NoDependencies TorchSharp-cpu", "MkdSeg.Training")]
    [TestCase("MkdSeg.ML", "Microsoft.ML Microsoft.ML.OnnxRuntime Microsoft.ML.OnnxTransformer MkdSeg", "MkdSeg.ML")]
    public void A_library_holds_its_assembly_and_names_the_engines(string id, string dependencies, string assemblies)
    {
        using var package = ZipFile.OpenRead(Path.Combine(_feed.Folder, $"{id}.{_feed.Version}.nupkg"));
        using var text = package.GetEntry(id + ".nuspec")!.Open();
        var description = XDocument.Load(text).Root!;
        XElement[] All(string name) => [.. description.Descendants().Where(element => element.Name.LocalName == name)];
        var versions = XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(item => (string)item.Attribute("Include")!, item => (string)item.Attribute("Version")!);
        Assert.That(
            All("dependency").ToDictionary(item => (string)item.Attribute("id")!, item => (string)item.Attribute("version")!),
            Is.EquivalentTo(dependencies.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(
                name => name, name => versions.GetValueOrDefault(name, _feed.Version))));
        Assert.That(All("license").Single().Value, Is.EqualTo("MIT"));
        var entries = package.Entries.Select(entry => entry.FullName).ToList();
        Assert.That(
            entries.Where(name => name.EndsWith(".dll", StringComparison.Ordinal)),
            Is.EquivalentTo(assemblies.Split(' ').Select(name => $"lib/net10.0/{name}.dll")));
        Assert.That(entries, Is.SupersetOf(new[] { "packages.md", $"lib/net10.0/{id}.xml" }));
        Assert.That(
            entries.Where(name => name.EndsWith(".so", StringComparison.Ordinal)),
            Is.EqualTo(id == "MkdSeg" ? new[] { "runtimes/linux-x64/native/libSimpleITKCSharpNative.so" } : []));
        Assert.That(Path.Combine(_feed.Folder, $"{id}.{_feed.Version}.snupkg"), Does.Exist);
    }

    [Test]
    public void An_application_restores_builds_scores_and_trains()
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
                <CreateHardLinksForCopyLocalIfPossible>true</CreateHardLinksForCopyLocalIfPossible>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MkdSeg.ML" Version="{_feed.Version}" />
                <PackageReference Include="MkdSeg.Training" Version="{_feed.Version}" />
              </ItemGroup>
            </Project>
            """);
        // The sample, and lines that read NRRD and do an iteration of training, which brings libtorch in.
        File.WriteAllText(
            Path.Combine(folder, "Program.cs"),
            File.ReadAllText(Repository.File("samples/ScoreFolder/Program.cs")) + $$"""
                MkdSeg.IO.VolumeFile.Write(MkdSeg.IO.VolumeFile.ReadIntensities(Directory.GetFiles(args[1])[0]), args[2] + "/case.nrrd");
                Console.WriteLine(MkdSeg.IO.VolumeFile.ReadIntensities(args[2] + "/case.nrrd").Grid.Size.X);
                var job = new MkdSeg.Training.Running.TrainingJob { Data = @"{{_data["data", "dataset.json"]}}", Name = "packed" };
                Console.WriteLine(job.Estimate(MkdSeg.Training.Running.TrainingPresets.Phantom).SecondsPerIteration > 0);

                """);
        Tool.RunWell(folder, "dotnet", "build", "--nologo", "--output", "built");
        var lines = Tool.RunWell(folder, "dotnet", "built/Application.dll", Bundle, _data["in"], _data["masks"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var width = VolumeFile.ReadIntensities(_data["in", "case.nii.gz"]).Grid.Size.X;
        Assert.That(lines, Is.EqualTo(new[] { _data["masks", "case.nii.gz"], $"{width}", "True" }));
        Assert.That(MeanDice(lines[0]), Is.GreaterThan(0.8));
    }

    [Test]
    public void The_tool_installs_trains_and_scores()
    {
        Tool.RunWell(
            _feed.Workplace, "dotnet", "tool", "install", "MkdSeg.Cli", "--version", _feed.Version, "--tool-path", "tools",
            "--configfile", Path.Combine(_feed.Workplace, "NuGet.config"));
        var mkdseg = Path.Combine(_feed.Workplace, "tools", "mkdseg");
        Assert.That(
            Directory.GetFiles(Path.Combine(_feed.Workplace, "tools"), "*torch*", SearchOption.AllDirectories),
            Has.None.EndsWith(".dylib").And.None.EndsWith("torch_cpu.dll"));
        Assert.That(Tool.RunWell(_data.Path, mkdseg, "info", Bundle), Does.Contain("S_real"));
        Tool.RunWell(_data.Path, mkdseg, "score", "in", "--model", Bundle, "--out", "scored", "--device", "cpu");
        Assert.That(MeanDice(_data["scored", "case.nii.gz"]), Is.GreaterThan(0.8));
        Tool.RunWell(
            _data.Path, mkdseg, "train", "--data", _data["data", "dataset.json"], "--out", "run", "--iterations", "3",
            "--device", "cpu", "--threads", "1");
        Assert.That(_data["run", "bundle", "model.json"], Does.Exist);
    }

    private double MeanDice(string mask) =>
        Dice.PerStructure(Classes(mask), Classes(_label), LabelSet.WholeHeart.ClassCount).Average();

    private static Volumes.Volume<byte> Classes(string path) =>
        LabelSet.WholeHeart.ToClasses(VolumeFile.ReadLabels(path), path);
}
