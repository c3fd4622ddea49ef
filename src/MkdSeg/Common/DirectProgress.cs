namespace MkdSeg.Common;

/// <summary>Passes progress on at once, on the reporting thread; <see cref="Progress{T}"/> would queue it.</summary>
internal sealed class DirectProgress<T>(Action<T> receiver) : IProgress<T>
{
    public void Report(T value) => receiver(value);
}
