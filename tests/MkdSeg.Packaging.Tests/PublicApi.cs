using System.Reflection;
using Bridges.Api.Tests;

namespace MkdSeg.Packaging.Tests;

/// <summary>The public and protected types and members of a library as lines of text.</summary>
internal static class PublicApi
{
    internal static readonly string[] Libraries = ["MkdSeg", "MkdSeg.Networks", "MkdSeg.Training", "MkdSeg.ML"];

    /// <summary>The committed list of a library.</summary>
    internal static string ListOf(string library) =>
        Repository.File(Path.Combine("tests", "MkdSeg.Packaging.Tests", "api", library + ".txt"));

    /// <summary>A line for each type, in the order of their names, and below it, indented, one for each member.</summary>
    internal static IEnumerable<string> Lines(string library)
    {
        var types = Assembly.Load(library).GetTypes()
            .Where(type => ApiFormatter.IsVisible(type) && !type.Name.StartsWith('<'))
            .OrderBy(type => type.FullName, StringComparer.Ordinal);
        foreach (var type in types)
        {
            yield return Plain(Header(type));
            // What compilers add to records cannot be named in C#.
            foreach (var member in ApiFormatter.Members(type).Where(member => !member.Contains('$', StringComparison.Ordinal))
                .Select(Plain).Order(StringComparer.Ordinal))
            {
                yield return "    " + member;
            }
        }
    }

    /// <summary>Lines that only one of two lists has; a member's line begins with its type.</summary>
    internal static (string[] Added, string[] Removed) Compare(IEnumerable<string> listed, IEnumerable<string> actual)
    {
        var (before, after) = (Flat(listed), Flat(actual));
        return ([.. after.Except(before)], [.. before.Except(after)]);
    }

    private static List<string> Flat(IEnumerable<string> lines)
    {
        var (flat, type) = (new List<string>(), "");
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (!line.StartsWith(' '))
                flat.Add(type = line);
            else
                flat.Add($"{type} · {line.Trim()}");
        }

        return flat;
    }

    private static string Header(Type type)
    {
        var bases = ApiFormatter.Bases(type).ToList();
        var derivation = bases.Count == 0 ? "" : " : " + string.Join(", ", bases);
        return $"{ApiFormatter.Kind(type)} {TypeNames.Of(type)}{derivation}{ApiFormatter.Constraints(type.GetGenericArguments())}";
    }

    private static string Plain(string marked) =>
        marked.Replace(TypeNames.MayBeNull.ToString(), "", StringComparison.Ordinal);
}
