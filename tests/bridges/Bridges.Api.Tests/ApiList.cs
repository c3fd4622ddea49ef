using System.Text.RegularExpressions;

namespace Bridges.Api.Tests;

/// <summary>A type of a real package, as its list tells it.</summary>
/// <param name="Key">Namespace and name, with the number of generic parameters as reflection writes it.</param>
/// <param name="Kind">Access, modifiers and kind.</param>
/// <param name="Bases">Base class and interfaces.</param>
/// <param name="Constraints">Constraints of the generic parameters.</param>
/// <param name="Header">The line as it stands in the list.</param>
internal sealed record ListedType(
    string Namespace, string Key, string Kind, IReadOnlyList<string> Bases, string Constraints, string Header)
{
    internal List<string> Members { get; } = [];
}

/// <summary>The API of one assembly of a real package: `namespace` lines, types, members indented below.</summary>
internal static partial class ApiList
{
    [GeneratedRegex(
        @"^((?:public|protected internal|protected) (?:(?:static|sealed|abstract|readonly|ref) )*" +
        "(?:class|struct|interface|enum|delegate)) (.+)$")]
    private static partial Regex HeaderPattern();

    [GeneratedRegex(@"\bSystem(\.\w+)*\.(?=\w)")]
    private static partial Regex SystemNamespace();

    internal static Dictionary<string, ListedType> Parse(IEnumerable<string> lines)
    {
        var types = new Dictionary<string, ListedType>();
        var space = "";
        ListedType? current = null;
        foreach (var line in lines)
        {
            if (line.StartsWith("namespace ", StringComparison.Ordinal))
                space = line["namespace ".Length..].Trim();
            else if (line.StartsWith("    ", StringComparison.Ordinal))
                current?.Members.Add(WithoutAttributes(line.Trim()));
            else if (HeaderPattern().Match(WithoutAttributes(line)) is { Success: true } header)
                types[(current = ParseType(space, header.Groups[1].Value, header.Groups[2].Value, line)).Key] = current;
        }
        return types;
    }

    /// <summary>The list in api/ that tells about an assembly.</summary>
    internal static Dictionary<string, ListedType> Embedded(string assembly)
    {
        using var stream = typeof(ApiList).Assembly.GetManifestResourceStream(assembly + ".txt")!;
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd().Split('\n').Select(line => line.TrimEnd('\r')));
    }

    /// <summary>Splits at commas outside of brackets.</summary>
    internal static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] is '<' or '(' or '[' ? 1 : text[i] is '>' or ')' or ']' ? -1 : 0;
            if (text[i] != ',' || depth != 0)
                continue;
            yield return text[start..i].Trim();
            start = i + 1;
        }
        yield return text[start..].Trim();
    }

    /// <summary>The key of a type as written in a list: `A.B&lt;T, U&gt;` is `A.B`2`.</summary>
    internal static string KeyOf(string name) => Regex.Replace(
        Regex.Replace(name, @"<(?>[^<>]+|<(?<d>)|>(?<-d>))*(?(d)(?!))>", match =>
            "`" + Split(match.Value[1..^1]).Count()),
        @"[?\s].*$", "");

    private static ListedType ParseType(string space, string kind, string rest, string line)
    {
        if (kind.EndsWith("delegate", StringComparison.Ordinal))
        {
            var match = Regex.Match(rest,
                @"^(?<result>.+?) (?<name>[\w.]+(<[^(]*>)?)(?<parameters>\(.*\))(?<where>.*)$");
            var type = new ListedType(
                space, Qualify(space, match.Groups["name"].Value), kind, [], match.Groups["where"].Value, line);
            type.Members.Add(WithoutSystem(match.Groups["result"].Value + match.Groups["parameters"].Value));
            return type;
        }
        var where = rest.IndexOf(" where ", StringComparison.Ordinal);
        var constraints = where < 0 ? "" : rest[where..];
        var head = where < 0 ? rest : rest[..where];
        var colon = head.IndexOf(" : ", StringComparison.Ordinal);
        var bases = colon < 0 ? [] : Split(WithoutSystem(head[(colon + 3)..])).ToArray();
        return new ListedType(
            space, Qualify(space, colon < 0 ? head : head[..colon]), kind, bases, WithoutSystem(constraints), line);
    }

    private static string Qualify(string space, string name) =>
        KeyOf(Regex.Replace($"{space}.{name}", @"\b(in|out) ", ""));

    private static string WithoutAttributes(string line)
    {
        while (line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is var end and > 0)
            line = line[(end + 2)..];
        // Remarks of whoever made the list follow after two spaces or more.
        var remark = line.IndexOf("  //", StringComparison.Ordinal);
        return WithoutSystem((remark < 0 ? line : line[..remark]).TrimEnd());
    }

    private static string WithoutSystem(string text) => SystemNamespace().Replace(text, "");
}
