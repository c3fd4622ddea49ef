namespace MkdSeg.Cli.Display;

/// <summary>Collects the reports of a training run for a display on another thread.</summary>
internal sealed class TrainingWatch(string title, TimeProvider clock) : IProgress<WorkEvent>
{
    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Speedometer _speed = new();
    private readonly OrderedDictionary<string, LossTrack> _losses = [];
    private List<string> _messages = [];
    private TrainingIteration? _last;
    private TimeSpan _lastTime;
    private ValidationDone? _validation;
    private CheckpointSaved? _saved;

    public void Report(WorkEvent value)
    {
        lock (_gate)
        {
            switch (value)
            {
                case WorkInfo info:
                    _messages.Add(info.Message);
                    break;
                case TrainingIteration iteration:
                    Take(iteration);
                    break;
                case CheckpointSaved saved:
                    _saved = saved;
                    break;
                case ValidationDone done:
                    _validation = done;
                    break;
            }
        }
    }

    /// <summary>Returns the messages since the last call.</summary>
    public IReadOnlyList<string> TakeMessages()
    {
        lock (_gate)
        {
            var messages = _messages;
            _messages = [];
            return messages;
        }
    }

    public TrainingState Look(TrainingPhase phase)
    {
        lock (_gate)
        {
            return new()
            {
                Title = title,
                Phase = phase,
                Elapsed = Elapsed,
                Advance = _last is null ? null : Advance(_last),
                Validation = _validation,
                // The locator's checkpoints are not checkpoints of the method trained after it.
                SavedIteration = _last is null || _saved?.Iterations == _last.Iterations ? _saved?.Iteration : null,
            };
        }
    }

    private void Take(TrainingIteration iteration)
    {
        if (_last is null || iteration.Stage != _last.Stage)
        {
            _losses.Clear();
            _speed.Restart();
        }

        foreach (var loss in iteration.Losses)
        {
            if (!_losses.TryGetValue(loss.Name, out var track))
                _losses.Add(loss.Name, track = new());
            track.Add(loss.Value);
        }

        (_last, _lastTime) = (iteration, Elapsed);
        _speed.Add(_lastTime, iteration.Iteration);
    }

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    private TrainingAdvance Advance(TrainingIteration last)
    {
        var left = _speed.PerSecond is { } speed
            ? TimeSpan.FromSeconds((last.Iterations - last.Iteration) / speed) - (Elapsed - _lastTime)
            : (TimeSpan?)null;
        return new()
        {
            Stage = last.Stage,
            Iteration = last.Iteration,
            Iterations = last.Iterations,
            PerSecond = _speed.PerSecond,
            TimeLeft = left < TimeSpan.Zero ? TimeSpan.Zero : left,
            Rates = last.Rates,
            HasAdversaries = last.Losses.Any(loss =>
                !NetworkRoles.IsSegmentor(loss.Network) && loss.Network != NetworkRoles.Locator),
            Losses =
            [
                .. _losses.Select(loss => new LossState(
                    loss.Key, loss.Value.Latest, loss.Value.Mean, [.. loss.Value.Course])),
            ],
        };
    }
}

/// <summary>The latest value of a loss, its running mean, and its course since the stage began.</summary>
internal sealed class LossTrack
{
    /// <summary>The course has between half this many points and this many.</summary>
    public const int MostPoints = 16;

    // At first the mean of all values; later each new value is weighted by one over this.
    private const int MeanOver = 100;

    private readonly List<double> _course = [];
    private long _count;
    private long _perPoint = 1;
    private long _inPoint;
    private double _sum;

    public double Latest { get; private set; }

    /// <summary>The running mean over about a hundred iterations.</summary>
    public double Mean { get; private set; }

    public IReadOnlyList<double> Course => _course;

    public void Add(double value)
    {
        Latest = value;
        Mean += (value - Mean) / Math.Min(++_count, MeanOver);
        _sum += value;
        if (++_inPoint < _perPoint)
            return;
        _course.Add(_sum / _perPoint);
        (_sum, _inPoint) = (0, 0);
        if (_course.Count > MostPoints)
            Halve();
    }

    // The surplus point starts the next span, which is twice as long.
    private void Halve()
    {
        var last = _course[^1];
        for (var i = 0; i < MostPoints / 2; i++)
            _course[i] = (_course[2 * i] + _course[(2 * i) + 1]) / 2;
        _course.RemoveRange(MostPoints / 2, _course.Count - (MostPoints / 2));
        (_sum, _inPoint) = (last * _perPoint, _perPoint);
        _perPoint *= 2;
    }
}

/// <summary>Iterations per second over the last half minute.</summary>
internal sealed class Speedometer
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(0.5);
    private readonly Queue<(TimeSpan Time, long Iteration)> _samples = [];
    private (TimeSpan Time, long Iteration) _newestSample;
    private (TimeSpan Time, long Iteration) _now;

    public double? PerSecond => _samples.TryPeek(out var oldest) && _now.Time > oldest.Time
        ? (_now.Iteration - oldest.Iteration) / (_now.Time - oldest.Time).TotalSeconds
        : null;

    public void Add(TimeSpan time, long iteration)
    {
        _now = (time, iteration);
        if (_samples.Count > 0 && time - _newestSample.Time < Apart)
            return;
        // If iterations are slow, the previous one is kept, however old it is.
        while (_samples.Count > 1 && time - _samples.Peek().Time > Window)
            _samples.Dequeue();
        _samples.Enqueue(_now);
        _newestSample = _now;
    }

    public void Restart() => _samples.Clear();
}
