using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Transforms;

/// <summary>The function of a step, created from its contract name; several threads call it, each with its own objects.</summary>
internal abstract class StepMapping<TInput, TOutput>(Action<TInput, TOutput> map) : CustomMappingFactory<TInput, TOutput>
    where TInput : StepInput, new()
    where TOutput : class, new()
{
    public sealed override Action<TInput, TOutput> GetMapping() => (input, output) =>
    {
        input.Enter();
        try
        {
            map(input, output);
        }
        finally
        {
            input.Leave();
        }
    };
}

/// <summary>A mapping with options and files such as networks, for which the function is created once.</summary>
internal abstract class ConfiguredMapping<TOptions, TInput, TOutput>(
    Func<TOptions, IReadOnlyList<byte[]>, Action<TInput, TOutput>> bind)
    : StepMapping<TInput, TOutput>(new BoundMapping<TOptions, TInput, TOutput>(bind).Map)
    where TInput : StepInput, IConfigured, new()
    where TOutput : class, new();

/// <summary>Caches the function for the most recently used options.</summary>
internal sealed class BoundMapping<TOptions, TInput, TOutput>(
    Func<TOptions, IReadOnlyList<byte[]>, Action<TInput, TOutput>> bind)
    where TInput : IConfigured
{
    private readonly Lock _gate = new();
    private Bound? _last;

    public void Map(TInput input, TOutput output) => Get(input.Options)(input, output);

    // Rows of one column almost always share the same text object.
    private Action<TInput, TOutput> Get(ReadOnlyMemory<char> text)
    {
        if (Volatile.Read(ref _last) is { } last && last.IsOf(text))
            return last.Work;
        lock (_gate)
        {
            if (_last is null || !_last.IsOf(text))
            {
                var (options, files) = StepOptions.Decode<TOptions>(text.Span);
                Volatile.Write(ref _last, new(text, bind(options, files)));
            }

            return _last.Work;
        }
    }

    private sealed record Bound(ReadOnlyMemory<char> Text, Action<TInput, TOutput> Work)
    {
        // Comparing megabytes of network data is the rare case.
        public bool IsOf(ReadOnlyMemory<char> text) =>
            (MemoryMarshal.TryGetString(text, out var other, out var start, out var length)
                && MemoryMarshal.TryGetString(Text, out var own, out var ownStart, out var ownLength)
                && ReferenceEquals(other, own) && start == ownStart && length == ownLength)
            || text.Span.SequenceEqual(Text.Span);
    }
}

/// <summary>Encodes a step's options and files as text that fits between the quotes of an expression.</summary>
internal static class StepOptions
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public static string Encode<TOptions>(TOptions options, IReadOnlyList<byte[]> files)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(JsonSerializer.Serialize(options, Json));
        writer.Write(files.Count);
        foreach (var file in files)
        {
            writer.Write(file.Length);
            writer.Write(file);
        }

        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    public static (TOptions Options, byte[][] Files) Decode<TOptions>(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length / 4 * 3];
        if (!Convert.TryFromBase64Chars(text, bytes, out _))
            throw new InvalidOperationException("The options of a step in the saved model are not base64 text.");
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var options = JsonSerializer.Deserialize<TOptions>(reader.ReadString(), Json)
            ?? throw new InvalidOperationException($"The saved options of {typeof(TOptions).Name} are empty.");
        var files = new byte[reader.ReadInt32()][];
        for (var i = 0; i < files.Length; i++)
            files[i] = reader.ReadBytes(reader.ReadInt32());
        return (options, files);
    }
}
