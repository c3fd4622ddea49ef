using TorchSharp;

namespace MkdSeg.Training.Bundles;

/// <summary>Versions that a bundle records.</summary>
internal static class ToolVersions
{
    /// <summary>This program's version.</summary>
    public static string Program { get; } = VersionOf(typeof(ToolVersions));

    /// <summary>Names and versions of the program and its tensor engine.</summary>
    public static IReadOnlyDictionary<string, string> Current { get; } =
        new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["MkdSeg"] = Program,
            ["TorchSharp"] = VersionOf(typeof(torch)),
            [".NET"] = Environment.Version.ToString(),
        };

    private static string VersionOf(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
