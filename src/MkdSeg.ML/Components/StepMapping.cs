using System.Runtime.InteropServices;
using Microsoft.ML.Transforms;

namespace MkdSeg.ML.Components;

/// <summary>
/// The function of a step, which ML.NET creates by its contract name when it loads a model. One mapping serves all
/// cursors at once, so what <see cref="Bind"/> returns must be thread-safe.
/// </summary>
internal abstract class StepMapping<TOptions, TInput, TOutput> : CustomMappingFactory<TInput, TOutput>
    where TOptions : class
    where TInput : StepInput, new()
    where TOutput : class, new()
{
    public sealed override Action<TInput, TOutput> GetMapping()
    {
        var gate = new Lock();
        Bound? bound = null;
        return (input, output) =>
        {
            var current = Volatile.Read(ref bound);
            if (current is null || !current.IsOf(input.Options))
            {
                lock (gate)
                {
                    if (bound is null || !bound.IsOf(input.Options))
                    {
                        var (options, payloads) = StepOptions.Decode<TOptions>(input.Options.Span);
                        Volatile.Write(ref bound, new Bound(input.Options, Bind(options, payloads)));
                    }

                    current = bound;
                }
            }

            current.Run(input, output);
        };
    }

    /// <summary>
    /// The step's work for given options and payloads: fills every member of the output from the input.
    /// </summary>
    protected abstract Action<TInput, TOutput> Bind(TOptions options, IReadOnlyList<byte[]> payloads);

    private sealed record Bound(ReadOnlyMemory<char> Options, Action<TInput, TOutput> Run)
    {
        public bool IsOf(ReadOnlyMemory<char> options) =>
            // Nearly always the very same text; comparing a network's megabytes is the rare case.
            (MemoryMarshal.TryGetString(options, out var text, out var start, out var length)
                && MemoryMarshal.TryGetString(Options, out var own, out var ownStart, out var ownLength)
                && ReferenceEquals(text, own) && start == ownStart && length == ownLength)
            || options.Span.SequenceEqual(Options.Span);
    }
}
