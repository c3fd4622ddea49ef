using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.Common;

/// <summary>JSON files that state only how a value differs from another one, which they name.</summary>
public static class JsonOverlay
{
    /// <summary>Reads a file: the named value, with the file's keys put over it. Objects are merged, all else is replaced.</summary>
    /// <param name="path">The file.</param>
    /// <param name="baseKey">The key under which the file names the other value.</param>
    /// <param name="find">The other value of a name, null where the file names none.</param>
    /// <exception cref="UserErrorException">The file is missing, is not JSON, or does not fit the type.</exception>
    public static T Load<T>(string path, string baseKey, Func<string?, T> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        var root = StrictJson.Load<JsonObject>(path);
        root.Remove("$schema");
        var name = TakeName(root, baseKey, path);
        // Alone it must fit already, so that messages name the file's own keys.
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
            : throw new UserErrorException($"{path}: the key '{key}' must hold a name, but it is {name?.ToJsonString() ?? "null"}.");
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
