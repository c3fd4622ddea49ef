using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace Bridges.Api.Tests;

/// <summary>
/// Cuts the complete lists of the real packages down to the types that the bridges have and to members of the same
/// names. Needed when a bridge grows:
/// <code>
/// API_LISTS=folder dotnet test tests/bridges/Bridges.Api.Tests --filter FullyQualifiedName~Regenerate
/// </code>
/// where the folder holds a list per assembly (TorchSharp*.txt, SimpleITK.txt, Microsoft.ML.Data.txt, …).
/// </summary>
[Explicit("rewrites api/ from complete lists")]
public partial class ApiListRegeneration
{
    [GeneratedRegex(@"\s+// Windows build: .*$")]
    private static partial Regex WindowsBuild();

    [TestCaseSource(typeof(BridgeApiTests), nameof(BridgeApiTests.Assemblies))]
    [TestCase(ProductReferenceTests.OnnxRuntime)]
    public void Regenerate(string assembly)
    {
        var folder = Environment.GetEnvironmentVariable("API_LISTS");
        if (folder is null)
            Assert.Ignore("API_LISTS names no folder with complete lists.");
        var source = Directory.GetFiles(folder!,
            assembly == "SimpleITKCSharpManaged" ? "SimpleITK.txt" : assembly + "*.txt")
            .Order().First(path => Path.GetFileName(path).StartsWith(assembly + "-", StringComparison.Ordinal) ||
                Path.GetFileNameWithoutExtension(path) is var name && (name == assembly || name == "SimpleITK"));
        var lines = assembly == "SimpleITKCSharpManaged" ? FromSwig(File.ReadLines(source)) : File.ReadLines(source);
        var target = Path.Combine(Path.GetDirectoryName(Here())!, "api", assembly + ".txt");
        var real = ApiList.Parse(lines);
        var cut = assembly == ProductReferenceTests.OnnxRuntime ? CutToProduct(real) : CutToBridge(assembly, real);
        File.WriteAllLines(target + ".new", cut);
        File.Move(target + ".new", target, true);
    }

    private static IEnumerable<string> CutToBridge(string assembly, Dictionary<string, ListedType> real)
    {
        var comparison = new ApiComparison(real);
        var names = new Dictionary<ListedType, HashSet<string>>();
        foreach (var type in Assembly.Load(assembly).GetTypes().Where(ApiFormatter.IsVisible))
        {
            if (!real.TryGetValue(TypeNames.KeyOf(type), out var listed))
                continue;
            // A bridge may declare in a type what the real one inherits.
            foreach (var ancestor in comparison.Ancestors(listed))
            {
                names.TryAdd(ancestor, []);
                names[ancestor].UnionWith(ApiFormatter.Members(type).Select(ApiComparison.Plain).Select(NameOf));
            }
        }
        return Write(
            $"# What the bridge's types really look like in {assembly}; cut by ApiListRegeneration.cs.", names.Keys,
            real, (type, member) => names[type].Contains(NameOf(member)));
    }

    /// <summary>The bridge of ONNX Runtime is its own sources of another release: only what the product uses matters.</summary>
    private static IEnumerable<string> CutToProduct(Dictionary<string, ListedType> real)
    {
        var used = ProductReferenceTests.Products
            .SelectMany(product => ReferenceComparison.TypesUsed(ProductReferenceTests.PathOf(product)))
            .Where(type => type.Assembly == ProductReferenceTests.OnnxRuntime).Select(type => type.Key).ToHashSet();
        return Write(
            "# The types of Microsoft.ML.OnnxRuntime that the product refers to; cut by ApiListRegeneration.cs.",
            [.. real.Values.Where(type => used.Contains(type.Key))], real, (_, _) => true);
    }

    private static IEnumerable<string> Write(
        string title, ICollection<ListedType> types, Dictionary<string, ListedType> real,
        Func<ListedType, string, bool> isWanted)
    {
        yield return title;
        var space = "";
        foreach (var type in real.Values.Where(types.Contains))
        {
            if (type.Namespace != space)
                yield return "namespace " + (space = type.Namespace);
            yield return type.Header;
            if (type.Kind.EndsWith("delegate", StringComparison.Ordinal))
                continue;
            foreach (var member in type.Members.Where(member => isWanted(type, member)))
                yield return "    " + member;
        }
    }

    /// <summary>
    /// The list made with SWIG names no namespace, appends what differs on Windows, and tells the static functions in a
    /// section of their own.
    /// </summary>
    private static IEnumerable<string> FromSwig(IEnumerable<string> lines)
    {
        var section = "";
        yield return "namespace itk.simple";
        foreach (var line in lines)
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..].Split(' ')[0];
                if (section == "FUNCTIONS")
                    yield return "public static class SimpleITK";
            }
            else if (section is "TYPES" or "FUNCTIONS")
            {
                yield return WindowsBuild().Replace(line, "");
            }
        }
    }

    private static string NameOf(string member)
    {
        var operation = Regex.Match(member, @"operator [^(]+");
        if (operation.Success)
            return operation.Value;
        if (Regex.IsMatch(member, @" this(/\*\w+\*/)?\["))
            return "this";
        var property = Regex.Match(member, @"@?\w+(?= \{ )");
        if (property.Success)
            return property.Value;
        var method = Regex.Match(member, @"(@?\w+)(<[\w, ]+>)?\((?!.* \w+(<[\w, ]+>)?\()");
        if (method.Success)
            return method.Groups[1].Value;
        return Regex.Match(member, @"@?\w+(?=( = .*)?$)").Value;
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
