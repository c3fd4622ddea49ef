using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.Common;

/// <summary>Says in what two configurations differ.</summary>
public static class JsonDifferences
{
    /// <summary>One text per value that differs, such as <c>generator.width: 16 before, 32 now</c>, in the order of the keys.</summary>
    public static IReadOnlyList<string> Between<T>(T before, T now)
    {
        var differences = new List<string>();
        Compare(
            JsonSerializer.SerializeToNode(before, StrictJson.Options),
            JsonSerializer.SerializeToNode(now, StrictJson.Options),
            "",
            differences);
        return differences;
    }

    private static void Compare(JsonNode? before, JsonNode? now, string path, List<string> differences)
    {
        if (before is JsonObject one && now is JsonObject other)
        {
            foreach (var key in one.Select(pair => pair.Key).Union(other.Select(pair => pair.Key)))
                Compare(one[key], other[key], path.Length == 0 ? key : $"{path}.{key}", differences);
        }
        else if (!JsonNode.DeepEquals(before, now))
        {
            differences.Add($"{path}: {Text(before)} before, {Text(now)} now");
        }
    }

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
