using System.Runtime.InteropServices;

namespace MkdSeg.ML.Components;

/// <summary>Remembers what the last text was made into: rows of one column nearly always hold the very same one.</summary>
internal sealed class TextMemo<T>(Func<ReadOnlyMemory<char>, T> create)
    where T : class
{
    private readonly Lock _gate = new();
    private Made? _last;

    /// <summary>What a text makes; may be called by several threads.</summary>
    public T Get(ReadOnlyMemory<char> text)
    {
        if (Volatile.Read(ref _last) is { } last && last.IsOf(text))
            return last.Value;
        lock (_gate)
        {
            if (_last is null || !_last.IsOf(text))
                Volatile.Write(ref _last, new(text, create(text)));
            return _last.Value;
        }
    }

    private sealed record Made(ReadOnlyMemory<char> Text, T Value)
    {
        // Comparing a network's megabytes is the rare case.
        public bool IsOf(ReadOnlyMemory<char> text) =>
            (MemoryMarshal.TryGetString(text, out var other, out var start, out var length)
                && MemoryMarshal.TryGetString(Text, out var own, out var ownStart, out var ownLength)
                && ReferenceEquals(other, own) && start == ownStart && length == ownLength)
            || text.Span.SequenceEqual(Text.Span);
    }
}
