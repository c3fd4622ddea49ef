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
        if (!IsBridge(name))
            Assert.Ignore($"This build uses the real {name}.");
        var comparison = new ApiComparison(ApiList.Embedded(name));
        var differences = comparison.Differences(Assembly.Load(name).GetTypes());
        Assert.That(differences, Is.Empty, string.Join(Environment.NewLine, differences));
    }

    /// <summary>Whether an assembly is a bridge in this build.</summary>
    internal static bool IsBridge(string assembly)
    {
        var package = assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal) &&
            assembly != "Microsoft.ML.OnnxRuntime" ? "Microsoft.ML" : assembly;
        return typeof(BridgeApiTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(item => item.Key == package).Value == "bridge";
    }
}
