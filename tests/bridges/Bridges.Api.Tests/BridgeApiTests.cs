using System.Reflection;

namespace Bridges.Api.Tests;

/// <summary>
/// A bridge has no public member that the real package lacks, and each type sits in the assembly it really sits in.
/// Otherwise product code could compile against the bridge and fail where the real package is used.
/// </summary>
public class BridgeApiTests
{
    internal static readonly string[] Assemblies =
    [
        "TorchSharp", "SimpleITKCSharpManaged", "Microsoft.ML.DataView", "Microsoft.ML.Core", "Microsoft.ML.Data",
        "Microsoft.ML.Transforms", "Microsoft.ML.OnnxTransformer",
    ];

    [TestCaseSource(nameof(Assemblies))]
    public void Has_nothing_that_the_real_package_lacks(string name)
    {
        var package = name.StartsWith("Microsoft.ML", StringComparison.Ordinal) ? "Microsoft.ML" : name;
        var from = typeof(BridgeApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(item => item.Key == package).Value;
        if (from != "bridge")
            Assert.Ignore($"This build uses the real {package}.");
        var comparison = new ApiComparison(ApiList.Parse(Lines(name)));
        var differences = comparison.Differences(Assembly.Load(name).GetTypes());
        Assert.That(differences, Is.Empty, string.Join(Environment.NewLine, differences));
    }

    private static IEnumerable<string> Lines(string assembly)
    {
        using var stream = typeof(BridgeApiTests).Assembly.GetManifestResourceStream(assembly + ".txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
            yield return line;
    }
}
