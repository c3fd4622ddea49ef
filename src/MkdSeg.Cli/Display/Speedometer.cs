namespace MkdSeg.Cli.Display;

/// <summary>Iterations per second over the last half minute.</summary>
internal sealed class Speedometer
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.5);
    private readonly Queue<(TimeSpan Time, long Iteration)> _samples = [];
    private (TimeSpan Time, long Iteration) _newestSample;
    private (TimeSpan Time, long Iteration) _now;

    /// <summary>Iterations per second; null before there are two to compare.</summary>
    public double? PerSecond => _samples.TryPeek(out var oldest) && _now.Time > oldest.Time
        ? (_now.Iteration - oldest.Iteration) / (_now.Time - oldest.Time).TotalSeconds
        : null;

    /// <summary>An iteration ended.</summary>
    public void Add(TimeSpan time, long iteration)
    {
        _now = (time, iteration);
        if (_samples.Count > 0 && time - _newestSample.Time < Apart)
            return;
        // Of slow iterations the one before is kept, however long ago it was.
        while (_samples.Count > 1 && time - _samples.Peek().Time > Window)
            _samples.Dequeue();
        _samples.Enqueue(_now);
        _newestSample = _now;
    }

    /// <summary>Forgets all.</summary>
    public void Restart() => _samples.Clear();
}
