using System.Reflection;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace MkdSeg.Docs.Tests;

/// <summary>A block of C# as a page prints it.</summary>
/// <param name="Page">The page, relative to the repository.</param>
/// <param name="Line">The line of its first code.</param>
/// <param name="Code">What is printed.</param>
internal sealed record Snippet(string Page, int Line, string Code)
{
    /// <summary>What a console project of .NET adds by itself; every other using has to be printed.</summary>
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);

    /// <summary>Whether it is a program or a test of its own: then its usings are printed with it.</summary>
    public bool IsComplete => Code.StartsWith("using ", StringComparison.Ordinal);

    /// <summary>All blocks of C# in the README and the pages of docs.</summary>
    public static IEnumerable<Snippet> All()
    {
        string[] pages = ["README.md", .. Directory.GetFiles(Repository.File("docs"), "*.md").Select(
            path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];
        return pages.SelectMany(Of);
    }

    public override string ToString() => $"{Page}, line {Line}";

    /// <summary>Compiles it against what an application that references MkdSeg.ML has, and NUnit.</summary>
    public Assembly Compile()
    {
        var trees = new[] { ImplicitUsings, Code }.Select(text => CSharpSyntaxTree.ParseText(text, Language)).ToList();
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var isTest = Code.Contains("[Test]", StringComparison.Ordinal);
        var compilation = CSharpCompilation.Create(
            $"Snippet{Guid.NewGuid():N}",
            trees,
            references,
            new(isTest ? OutputKind.DynamicallyLinkedLibrary : OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        Assert.That(result.Success, Is.True, () => $"{this} does not compile:\n{string.Join('\n', result.Diagnostics)}");
        return Assembly.Load(image.ToArray());
    }

    /// <summary>Runs the program, or the tests of the class; what it printed.</summary>
    public string Run(params string[] arguments)
    {
        var assembly = Compile();
        var output = new StringWriter();
        var console = Console.Out;
        Console.SetOut(output);
        try
        {
            if (assembly.EntryPoint is { } main)
                main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null);
            else
                RunTests(assembly);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static void RunTests(Assembly assembly)
    {
        var tests = assembly.GetTypes().SelectMany(type => type.GetMethods())
            .Where(method => method.IsDefined(typeof(TestAttribute))).ToList();
        Assert.That(tests, Is.Not.Empty);
        foreach (var test in tests)
        {
            test.Invoke(
                Activator.CreateInstance(test.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, [], null);
        }
    }

    private static IEnumerable<Snippet> Of(string page)
    {
        var lines = File.ReadAllLines(Repository.File(page));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Trim() != "```csharp")
                continue;
            var first = i + 1;
            var code = new StringBuilder();
            while (lines[++i].Trim() != "```")
                code.Append(lines[i]).Append('\n');
            yield return new(page, first + 1, code.ToString());
        }
    }
}
