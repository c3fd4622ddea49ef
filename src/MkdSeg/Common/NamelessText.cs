using System.Text.RegularExpressions;
using MkdSeg.IO;

namespace MkdSeg.Common;

/// <summary>Texts for logs, which must not name patients: files and folders are often called after them.</summary>
internal static class NamelessText
{
    // Less tells nothing, and may be a word of the sentence.
    private const int ShortestName = 3;

    /// <summary>A text without the names of some files and of the folders that they lie in.</summary>
    public static string Of(string text, IEnumerable<string> paths) => paths
        .SelectMany(path => new[] { path, Path.GetDirectoryName(path) ?? "", Path.GetFileName(path), VolumeListing.Stem(path) })
        .Where(name => name.Length >= ShortestName)
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(name => name.Length)
        .Aggregate(text, (left, name) => Regex.Replace(left, $@"(?<!\w){Regex.Escape(name)}(?!\w)", "(its name)"));
}
