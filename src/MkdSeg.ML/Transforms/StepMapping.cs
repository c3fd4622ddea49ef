using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Transforms;

/// <summary>The function of a step, created by its contract name; one object serves all cursors at once.</summary>
internal abstract class StepMapping<TInput, TOutput> : CustomMappingFactory<TInput, TOutput>
    where TInput : StepInput, new()
    where TOutput : class, new()
{
    public sealed override Action<TInput, TOutput> GetMapping() => (input, output) =>
    {
        input.Enter();
        try
        {
            Map(input, output);
        }
        finally
        {
            input.Leave();
        }
    };

    /// <summary>Fills every member of the output from the input; called by several threads, each with its own objects.</summary>
    protected abstract void Map(TInput input, TOutput output);
}

/// <summary>A mapping with options, and files such as networks.</summary>
internal abstract class ConfiguredMapping<TOptions, TInput, TOutput> : StepMapping<TInput, TOutput>
    where TInput : StepInput, IConfigured, new()
    where TOutput : class, new()
{
    private readonly Lock _gate = new();
    private Bound? _last;

    /// <summary>The step's work for given options; what it returns must be thread-safe.</summary>
    protected abstract Action<TInput, TOutput> Bind(TOptions options, IReadOnlyList<byte[]> files);

    protected sealed override void Map(TInput input, TOutput output) => Get(input.Options)(input, output);

    // Rows of one column nearly always hold the very same text.
    private Action<TInput, TOutput> Get(ReadOnlyMemory<char> text)
    {
        if (Volatile.Read(ref _last) is { } last && last.IsOf(text))
            return last.Work;
        lock (_gate)
        {
            if (_last is null || !_last.IsOf(text))
            {
                var (options, files) = StepOptions.Decode<TOptions>(text.Span);
                Volatile.Write(ref _last, new(text, Bind(options, files)));
            }

            return _last.Work;
        }
    }

    private sealed record Bound(ReadOnlyMemory<char> Text, Action<TInput, TOutput> Work)
    {
        // Comparing a network's megabytes is the rare case.
        public bool IsOf(ReadOnlyMemory<char> text) =>
            (MemoryMarshal.TryGetString(text, out var other, out var start, out var length)
                && MemoryMarshal.TryGetString(Text, out var own, out var ownStart, out var ownLength)
                && ReferenceEquals(other, own) && start == ownStart && length == ownLength)
            || text.Span.SequenceEqual(Text.Span);
    }
}

/// <summary>A step's options and files as a text that fits between the quotes of an expression.</summary>
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

/// <summary>The options of a step that has none of its own.</summary>
internal sealed record NoOptions;
