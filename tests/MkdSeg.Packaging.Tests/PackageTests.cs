using System.IO.Compression;
using System.Xml.Linq;

namespace MkdSeg.Packaging.Tests;

/// <summary>What stands in the packages that depend on the real engines.</summary>
public class PackageTests
{
    private Feed _feed = null!;

    [OneTimeSetUp]
    public void Pack() => _feed = Feed.MakeReal();

    [OneTimeTearDown]
    public void Remove_packages() => _feed.Dispose();

    [TestCase("MkdSeg", "SachaBr.SimpleITK.Runtime")]
    [TestCase("MkdSeg.Training.Networks", "Google.Protobuf")]
    [TestCase("MkdSeg.Training", "MkdSeg MkdSeg.Training.Networks TorchSharp-c")]
    [TestCase("MkdSeg.ML", "Microsoft.ML Microsoft.ML.OnnxRuntime Microsoft.ML.OnnxTransformer MkdSeg")]
    public void A_library_depends_on_the_real_engines_whatever_it_was_built_with(string id, string dependencies)
    {
        using var package = ZipFile.OpenRead(Path.Combine(_feed.Folder, $"{id}.{_feed.Version}.nupkg"));
        using var text = package.GetEntry(id + ".nuspec")!.Open();
        var description = XDocument.Load(text).Root!;
        XElement[] All(string name) =>
            [.. description.Descendants().Where(element => element.Name.LocalName == name)];
        var versions = XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("PackageVersion")
            .Select(element => (string)element.Attribute("Version")!).ToList();
        var found = All("dependency").OrderBy(item => (string)item.Attribute("id")!, StringComparer.Ordinal).ToList();
        Assert.That(found, Has.Count.EqualTo(dependencies.Split(' ').Length));
        foreach (var (dependency, expected) in found.Zip(dependencies.Split(' ')))
        {
            Assert.That((string)dependency.Attribute("id")!, Does.StartWith(expected));
            var version = (string)dependency.Attribute("version")!;
            Assert.That(
                version == _feed.Version || versions.Contains(version) || version == SimpleItkVersion(), Is.True,
                dependency.ToString());
        }

        Assert.That(All("license").Single().Value, Is.EqualTo("MIT"));
        Assert.That(
            package.Entries.Select(entry => entry.FullName),
            Is.SupersetOf(new[] { "README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml" }));
        Assert.That(package.Entries.Count(entry => entry.Name.EndsWith(".dll", StringComparison.Ordinal)), Is.EqualTo(1));
        Assert.That(Path.Combine(_feed.Folder, $"{id}.{_feed.Version}.snupkg"), Does.Exist);
    }

    private static string SimpleItkVersion() =>
        XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("SimpleITKPackageVersion").Single().Value;
}
