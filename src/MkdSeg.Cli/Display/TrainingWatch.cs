using MkdSeg.Bundles;
using MkdSeg.Common;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Display;

/// <summary>
/// Collects what a training reports, on its thread, for a display that looks at it from another thread now and then.
/// </summary>
/// <param name="title">What is trained.</param>
/// <param name="clock">The time.</param>
internal sealed class TrainingWatch(string title, TimeProvider clock) : IProgress<WorkEvent>
{
    private readonly Lock _gate = new();
    private readonly long _start = clock.GetTimestamp();
    private readonly Speedometer _speed = new();
    private readonly OrderedDictionary<string, LossTrack> _losses = [];
    private List<string> _messages = [];
    private TrainingIteration? _last;
    private TimeSpan _lastTime;
    private ValidationState? _validation;
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
                    _validation = new(done.Iteration, done.Structures, done.Scores, done.BestIteration, done.BestMeanDice);
                    break;
            }
        }
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
                // The locator's checkpoints are none of the method that is trained after it.
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
