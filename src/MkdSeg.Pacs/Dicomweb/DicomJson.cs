using System.Text.Json;

namespace MkdSeg.Pacs.Dicomweb;

/// <summary>Reads data sets in JSON (PS3.18, F.2): members are named by tag, values are in an array.</summary>
internal static class DicomJson
{
    private const int LongestUid = 64;

    /// <summary>The first value of an element as text; empty if there is none.</summary>
    /// <param name="dataSet">The data set.</param>
    /// <param name="tag">The element: group, element.</param>
    public static string Text(JsonElement dataSet, uint tag) => First(dataSet, tag) switch
    {
        { ValueKind: JsonValueKind.String } text => Printable(text.GetString()!.Trim(' ', '\0')),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => "",
    };

    /// <summary>The items of a sequence; none if there is no such element.</summary>
    public static IEnumerable<JsonElement> Items(JsonElement dataSet, uint tag) =>
        Values(dataSet, tag) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    /// <summary>A server's text for messages, without characters that would control a terminal.</summary>
    public static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '?' : c));

    /// <summary>Whether a text is a UID, which is also safe as a file name.</summary>
    public static bool IsUid(string text) => text.Length is > 0 and <= LongestUid && char.IsAsciiDigit(text[0])
        && text.All(c => char.IsAsciiDigit(c) || c == '.');

    private static JsonElement? First(JsonElement dataSet, uint tag) =>
        Items(dataSet, tag).Select(item => (JsonElement?)item).FirstOrDefault();

    private static JsonElement? Values(JsonElement dataSet, uint tag) =>
        dataSet.ValueKind == JsonValueKind.Object
        && dataSet.TryGetProperty(tag.ToString("X8", CultureInfo.InvariantCulture), out var element)
        && element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("Value", out var values)
            ? values
            : null;
}
