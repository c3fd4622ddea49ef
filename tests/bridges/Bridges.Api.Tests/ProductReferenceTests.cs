using System.Reflection;

namespace Bridges.Api.Tests;

/// <summary>
/// What was compiled against bridges runs on the real packages: every type it refers to sits in the assembly it really
/// sits in, every member exists there with that signature, and the assemblies themselves answer to the references.
/// </summary>
public class ProductReferenceTests
{
    internal const string OnnxRuntime = "Microsoft.ML.OnnxRuntime";

    internal static readonly string[] Products =
        ["MkdSeg", "MkdSeg.Networks", "MkdSeg.Training", "MkdSeg.ML", "MkdSeg.Experiments", "MkdSeg.Cli"];

    /// <summary>Version and public key token of the real assemblies; TorchSharp's public key is not known here.</summary>
    private static readonly Dictionary<string, (string Version, string? Token)> s_identities = new()
    {
        ["TorchSharp"] = ("0.106.0.0", null),
        ["SimpleITKCSharpManaged"] = ("0.0.0.0", ""),
        ["Microsoft.ML.DataView"] = ("1.0.0.0", "cc7b13ffcd2ddd51"),
        ["Microsoft.ML.Core"] = ("1.0.0.0", "cc7b13ffcd2ddd51"),
        ["Microsoft.ML.Data"] = ("1.0.0.0", "cc7b13ffcd2ddd51"),
        ["Microsoft.ML.Transforms"] = ("1.0.0.0", "cc7b13ffcd2ddd51"),
        ["Microsoft.ML.OnnxTransformer"] = ("1.0.0.0", "cc7b13ffcd2ddd51"),
        [OnnxRuntime] = ("0.0.0.0", "f27f157f0a5b7bb6"),
    };

    internal static string PathOf(string product) => Path.Combine(AppContext.BaseDirectory, product + ".dll");

    private static Dictionary<string, Dictionary<string, ListedType>> Lists() => s_identities.Keys
        .Where(BridgeApiTests.IsBridge).ToDictionary(name => name, ApiList.Embedded);

    [TestCaseSource(nameof(Products))]
    public void Refers_to_nothing_that_the_real_packages_lack(string product)
    {
        var differences = new ReferenceComparison(Lists()).Differences(PathOf(product));
        Assert.That(differences, Is.Empty, string.Join(Environment.NewLine, differences));
    }

    [TestCaseSource(nameof(Products))]
    public void Refers_to_assemblies_that_the_real_ones_answer_for(string product)
    {
        foreach (var used in ReferenceComparison.AssembliesUsed(PathOf(product)))
        {
            if (!s_identities.TryGetValue(used.Name!, out var real) || !BridgeApiTests.IsBridge(used.Name!))
                continue;
            Assert.That(used.Version, Is.LessThanOrEqualTo(Version.Parse(real.Version)), used.FullName);
            if (real.Token is { } token)
                Assert.That(Convert.ToHexStringLower(used.GetPublicKeyToken() ?? []), Is.EqualTo(token), used.FullName);
        }
    }

    [TestCase("MkdSeg", "SimpleITKCSharpManaged")]
    [TestCase("MkdSeg.Training", "TorchSharp")]
    [TestCase("MkdSeg.ML", "Microsoft.ML.Data")]
    [TestCase("MkdSeg.ML", OnnxRuntime)]
    public void The_comparison_reaches_the_engines(string product, string engine)
    {
        if (!BridgeApiTests.IsBridge(engine))
            Assert.Ignore($"This build uses the real {engine}.");
        var lists = Lists();
        // A real package that has the types in another assembly, and one that has them with other members.
        var types = lists[engine];
        lists[engine] = [];
        lists["Elsewhere"] = types;
        var misplaced = new ReferenceComparison(lists).Differences(PathOf(product));
        Assert.That(misplaced, Has.Some.Contains($"the real {engine} has no such type; it sits in Elsewhere"));

        lists.Remove("Elsewhere");
        lists[engine] = types;
        foreach (var type in types.Values)
        {
            var changed = type.Members.Select(member => member.Replace("(", "(decimal added, ", StringComparison.Ordinal));
            type.Members.Clear();
            type.Members.AddRange([.. changed]);
        }

        var changedMembers = new ReferenceComparison(lists).Differences(PathOf(product));
        Assert.That(changedMembers, Has.Some.Contains("the real type has no 'public "));
    }
}
