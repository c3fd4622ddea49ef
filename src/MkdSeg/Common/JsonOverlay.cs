using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.Common;

/// <summary>JSON files that name a base value and state only how they differ from it.</summary>
internal static class JsonOverlay
{
    /// <summary>Reads a file: returns the named value with the file's keys merged into its objects.</summary>
    public static T Load<T>(string path, string baseKey, Func<string?, T> find)
    {
        var root = StrictJson.Load<JsonObject>(path);
        root.Remove("$schema");
        var name = TakeName(root, baseKey, path);
        // The overlay must be valid on its own, so that messages name the file's own keys.
        StrictJson.Parse<T>(root.ToJsonString(), path);
        var value = JsonSerializer.SerializeToNode(find(name), StrictJson.Options)!.AsObject();
        Merge(value, root);
        return StrictJson.Parse<T>(value.ToJsonString(), path);
    }

    private static string? TakeName(JsonObject root, string key, string path)
    {
        if (!root.TryGetPropertyValue(key, out var name))
            return null;
        root.Remove(key);
        return name is JsonValue value && value.TryGetValue<string>(out var text)
            ? text
            : throw new UserErrorException($"{path}: the key '{key}' must be a name, not {name?.ToJsonString() ?? "null"}.");
    }

    private static void Merge(JsonObject value, JsonObject over)
    {
        foreach (var (key, child) in over)
        {
            if (child is JsonObject changes && value[key] is JsonObject part)
                Merge(part, changes);
            else
                value[key] = child?.DeepClone();
        }
    }
}

/// <summary>Reports how two configurations differ.</summary>
internal static class JsonDifferences
{
    /// <summary>Returns one text per differing value, such as <c>generator.width: 16 before, 32 now</c>, in key order.</summary>
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
