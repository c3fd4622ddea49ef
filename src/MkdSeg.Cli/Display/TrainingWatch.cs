using MkdSeg.Bundles;
using MkdSeg.Training;
using MkdSeg.Training.Validation;

namespace MkdSeg.Cli.Display;

/// <summary>
/// Collects what a training reports, on its thread, for a display that looks at it from another thread now and then.
/// </summary>
/// <param name="title">What is trained.</param>
/// <param name="clock">The time.</param>
internal sealed class TrainingWatch(string title, TimeProvider clock) : ITrainingProgress
{
    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Speedometer _speed = new();
    private readonly OrderedDictionary<string, LossTrack> _losses = [];
    private List<string> _messages = [];
    private IterationStatus? _last;
    private TimeSpan _lastTime;
    private ValidationState? _validation;
    private long? _saved;

    /// <inheritdoc/>
    public void Say(string message)
    {
        lock (_gate)
            _messages.Add(message);
    }

    /// <inheritdoc/>
    public void Report(TrainingStatus status)
    {
        // Every iteration was told already.
    }

    /// <inheritdoc/>
    public void Stepped(IterationStatus status)
    {
        lock (_gate)
        {
            if (_last is null || status.Stage != _last.Stage)
            {
                _losses.Clear();
                _speed.Restart();
            }

            foreach (var loss in status.Losses)
            {
                if (!_losses.TryGetValue(loss.Name, out var track))
                    _losses.Add(loss.Name, track = new());
                track.Add(loss.Value);
            }

            (_last, _lastTime) = (status, Elapsed);
            _speed.Add(_lastTime, status.Iteration);
        }
    }

    /// <inheritdoc/>
    public void Saved(long iteration)
    {
        lock (_gate)
            _saved = iteration;
    }

    /// <inheritdoc/>
    public void Validated(
        long iteration, IReadOnlyList<string> structures, IReadOnlyList<ValidationScore> scores, BestModel best)
    {
        lock (_gate)
            _validation = new(iteration, structures, scores, best.Iteration, best.MeanDice);
    }

    /// <summary>What was said since the last call.</summary>
    public IReadOnlyList<string> TakeMessages()
    {
        lock (_gate)
        {
            var messages = _messages;
            _messages = [];
            return messages;
        }
    }

    /// <summary>The training now.</summary>
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
                SavedIteration = _saved,
            };
        }
    }

    private TimeSpan Elapsed => clock.GetElapsedTime(_start);

    private TrainingAdvance Advance(IterationStatus last)
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
