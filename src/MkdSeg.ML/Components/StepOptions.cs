using System.Text.Json;
using System.Text.Json.Serialization;

namespace MkdSeg.ML.Components;

/// <summary>A step's options as a text that fits between the quotes of an expression: base64 of JSON.</summary>
internal static class StepOptions
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public static string Encode<TOptions>(TOptions options) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(options, Json));

    public static TOptions Decode<TOptions>(ReadOnlyMemory<char> text) =>
        JsonSerializer.Deserialize<TOptions>(FromBase64(text.Span), Json)
        ?? throw new InvalidOperationException($"The saved options of {typeof(TOptions).Name} are empty.");

    /// <summary>The bytes that a text column holds as base64.</summary>
    public static byte[] FromBase64(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, bytes, out var length))
            throw new InvalidOperationException("The options or the network in the saved model are not base64 text.");
        Array.Resize(ref bytes, length);
        return bytes;
    }
}

/// <summary>The options of a step that has none.</summary>
internal sealed record NoOptions;
