namespace MkdSeg.Common;

/// <summary>
/// An event that long-running work reports through <see cref="IProgress{T}"/>, on the thread that does the work. Training
/// adds its own events; a display shows those it supports and ignores the rest.
/// </summary>
public abstract record WorkEvent;

/// <summary>A sentence for the log, such as "Reading 24 cases".</summary>
public sealed record WorkInfo(string Message) : WorkEvent;

/// <summary>The progress of the work.</summary>
/// <param name="Done">Finished steps, such as cases or iterations; fractions are allowed.</param>
/// <param name="Total">Total number of steps.</param>
/// <param name="Detail">The current step, in a few words.</param>
/// <param name="TimeLeft">The time left, if the work can estimate it better than by assuming equally long steps.</param>
public record WorkProgress(double Done, double Total, string Detail = "", TimeSpan? TimeLeft = null) : WorkEvent;

/// <summary>Passes progress on immediately, on the reporting thread; <see cref="Progress{T}"/> would queue it.</summary>
internal sealed class DirectProgress<T>(Action<T> receiver) : IProgress<T>
{
    public void Report(T value) => receiver(value);
}
