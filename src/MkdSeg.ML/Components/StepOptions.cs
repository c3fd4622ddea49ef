using System.Text.Json;
using System.Text.Json.Serialization;

namespace MkdSeg.ML.Components;

/// <summary>
/// A step's options as a text that fits between the quotes of an expression: base64 of JSON, and after a bar each base64
/// of the binary payloads, such as networks, where there are any.
/// </summary>
internal static class StepOptions
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Encode<TOptions>(TOptions options, IReadOnlyList<byte[]> payloads) => string.Join(
        '|', payloads.Prepend(JsonSerializer.SerializeToUtf8Bytes(options, Json)).Select(Convert.ToBase64String));

    public static (TOptions Options, IReadOnlyList<byte[]> Payloads) Decode<TOptions>(ReadOnlySpan<char> text)
    {
        var parts = new List<byte[]>();
        foreach (var range in text.Split('|'))
            parts.Add(FromBase64(text[range]));
        var options = JsonSerializer.Deserialize<TOptions>(parts[0], Json)
            ?? throw new InvalidOperationException($"The saved options of {typeof(TOptions).Name} are empty.");
        return (options, parts[1..]);
    }

    private static byte[] FromBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
            throw new InvalidOperationException("The options in the saved model are not base64 text.");
        Array.Resize(ref bytes, length);
        return bytes;
    }
}

/// <summary>The options of a step that has none.</summary>
internal sealed record NoOptions;
