namespace MkdSeg.Common;

/// <summary>
/// Passes progress on at once, on the thread that reports it; <see cref="Progress{T}"/> would queue it, in any order.
/// </summary>
internal sealed class DirectProgress<T>(Action<T> receiver) : IProgress<T>
{
    public void Report(T value) => receiver(value);
}
