using System.Text.RegularExpressions;
using MkdSeg.IO;

namespace MkdSeg.Common;

/// <summary>Texts for logs, which must not name patients: files and folders are often named after them.</summary>
internal static class NamelessText
{
    // Shorter names identify nobody and may be words of the sentence.
    private const int ShortestName = 3;

    /// <summary>Removes the names of files and of their folders from a text.</summary>
    public static string Of(string text, IEnumerable<string> paths) => paths
        .SelectMany(path => new[] { path, Path.GetDirectoryName(path) ?? "", Path.GetFileName(path), VolumeListing.Stem(path) })
        .Where(name => name.Length >= ShortestName)
        .Distinct(StringComparer.Ordinal)
        .OrderByDescending(name => name.Length)
        .Aggregate(text, (left, name) => Regex.Replace(left, $@"(?<!\w){Regex.Escape(name)}(?!\w)", "(its name)"));
}
