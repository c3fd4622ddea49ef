namespace MkdSeg.Cli.Display;

/// <summary>Passes progress on at once, on the thread that reports it; <see cref="Progress{T}"/> would queue it.</summary>
internal sealed class Relay<T>(Action<T> receiver) : IProgress<T>
{
    /// <inheritdoc/>
    public void Report(T value) => receiver(value);
}
