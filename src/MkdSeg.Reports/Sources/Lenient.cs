using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.Reports.Sources;

/// <summary>Reads JSON of other versions of this program: what is not there, or is of another kind, is simply absent.</summary>
internal static class Lenient
{
    /// <summary>A text, or a number or truth value as text; null where there is none.</summary>
    public static string? Text(JsonNode? node) => node is not JsonValue value ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : value.GetValueKind() is JsonValueKind.Null ? null
        : value.ToJsonString();

    /// <summary>A number; NaN where there is none.</summary>
    public static double Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : double.NaN;

    /// <summary>The member of an object; null where the node is no object or has none of that name.</summary>
    public static JsonNode? Member(this JsonNode? node, string name) => (node as JsonObject)?[name];
}
