namespace MkdSeg.Common;

/// <summary>
/// What a long piece of work reports through <see cref="IProgress{T}"/>, on the thread that does the work. Training adds
/// events of its own; a display shows those it knows and ignores the rest.
/// </summary>
public abstract record WorkEvent;

/// <summary>A sentence for the log, such as "Reading 24 cases".</summary>
public sealed record WorkInfo(string Message) : WorkEvent;

/// <summary>How far the work is.</summary>
/// <param name="Done">Finished steps, such as cases or iterations; fractions are allowed.</param>
/// <param name="Total">All steps.</param>
/// <param name="Detail">The step at hand, in a few words.</param>
/// <param name="TimeLeft">Where the work knows better than that all steps take equally long.</param>
public record WorkProgress(double Done, double Total, string Detail = "", TimeSpan? TimeLeft = null) : WorkEvent;

/// <summary>Passes progress on at once, on the reporting thread; <see cref="Progress{T}"/> would queue it.</summary>
internal sealed class DirectProgress<T>(Action<T> receiver) : IProgress<T>
{
    public void Report(T value) => receiver(value);
}
