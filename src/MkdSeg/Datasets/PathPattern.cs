using System.Text.RegularExpressions;

namespace MkdSeg.Datasets;

/// <summary>Path patterns below a folder; each <c>*</c> stands for any text without a slash.</summary>
internal static class PathPattern
{
    /// <summary>The matching files in order, with what each star stood for.</summary>
    public static IEnumerable<(string Path, IReadOnlyList<string> Stars)> Find(string root, string pattern)
    {
        var parts = pattern.Split('/').TakeWhile(part => !part.Contains('*', StringComparison.Ordinal));
        var folder = Path.Combine(root, string.Join('/', parts));
        if (!Directory.Exists(folder))
            yield break;
        var expression = new Regex(
            "^" + Regex.Escape(pattern).Replace(@"\*", "([^/]*)", StringComparison.Ordinal) + "$",
            RegexOptions.CultureInvariant);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (expression.Match(file) is { Success: true } match)
                yield return (file, [.. match.Groups.Values.Skip(1).Select(group => group.Value)]);
        }
    }

    /// <summary>The pattern with its stars replaced, in order.</summary>
    public static string FillIn(string pattern, IReadOnlyList<string> stars)
    {
        var parts = pattern.Split('*');
        return string.Concat(parts.Select((part, i) => i < parts.Length - 1 ? part + stars[i] : part));
    }

    /// <summary>How many stars a pattern has.</summary>
    public static int Stars(string pattern) => pattern.Count(letter => letter == '*');
}
