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
        var bound = new TextMemo<Action<TInput, TOutput>>(text => Bind(StepOptions.Decode<TOptions>(text)));
        return (input, output) => bound.Get(input.Options)(input, output);
    }

    /// <summary>The step's work for given options: fills every member of the output from the input.</summary>
    protected abstract Action<TInput, TOutput> Bind(TOptions options);
}
