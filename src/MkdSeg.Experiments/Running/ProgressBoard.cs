using System.Diagnostics;

namespace MkdSeg.Experiments.Running;

/// <summary>Tracks all runs of a call and estimates the remaining time.</summary>
internal sealed class ProgressBoard
{
    private readonly Lock _gate = new();
    private readonly int _parallel;
    private readonly IProgress<WorkEvent> _progress;
    private readonly int _total;
    private readonly Dictionary<RunSpecification, RunClock> _running = [];
    private readonly Dictionary<string, List<double>> _secondsOfMethod = new(StringComparer.Ordinal);
    private readonly List<RunSpecification> _waiting;
    private readonly List<RunSpecification> _finished = [];
    private readonly List<RunSpecification> _finishedBefore = [];
    private readonly List<(RunSpecification, string)> _failed = [];
    private readonly List<RunSpecification> _skipped = [];

    public ProgressBoard(string root, IReadOnlyList<RunSpecification> runs, int parallel, IProgress<WorkEvent> progress)
    {
        (_parallel, _progress, _total) = (parallel, progress, runs.Count);
        foreach (var run in runs)
        {
            if (RunFolder.Of(root, run).ReadResult() is { } result)
            {
                _finishedBefore.Add(run);
                Remember(run, result.TrainingSeconds + result.ScoringSeconds);
            }
        }

        ToDo = [.. runs.Except(_finishedBefore)];
        _waiting = [.. ToDo];
    }

    public IReadOnlyList<RunSpecification> ToDo { get; }
    public ExperimentSummary Summary => new(_finished, _finishedBefore, _failed, _skipped);

    public void Report(RunSpecification run, WorkProgress progress)
    {
        lock (_gate)
        {
            var clock = Start(run);
            (clock.Fraction, clock.Detail) = (progress.Done / progress.Total, progress.Detail);
            Publish();
        }
    }

    public void Finish(RunSpecification run) => End(run, "finished", () =>
    {
        Remember(run, Start(run).Elapsed.TotalSeconds);
        _finished.Add(run);
    });

    public void Fail(RunSpecification run, string reason) =>
        End(run, $"failed: {reason}", () => _failed.Add((run, reason)));

    public void Skip(RunSpecification run, string reason) =>
        End(run, $"skipped: {reason}", () => _skipped.Add(run));

    private RunClock Start(RunSpecification run)
    {
        if (!_running.TryGetValue(run, out var clock))
        {
            _running[run] = clock = new();
            _waiting.Remove(run);
        }

        return clock;
    }

    private void End(RunSpecification run, string what, Action record)
    {
        lock (_gate)
        {
            record();
            _waiting.Remove(run);
            _running.Remove(run);
            _progress.Report(new WorkInfo($"{run.Name} {what}"));
            Publish();
        }
    }

    private void Remember(RunSpecification run, double seconds)
    {
        if (!_secondsOfMethod.TryGetValue(run.Options.Method, out var known))
            _secondsOfMethod[run.Options.Method] = known = [];
        known.Add(seconds);
    }

    private void Publish()
    {
        double left = 0, done = _finished.Sum(Expected) + _failed.Count;
        foreach (var (run, clock) in _running)
        {
            var seconds = clock.Fraction > 0
                ? clock.Elapsed.TotalSeconds / clock.Fraction
                : Expected(run);
            left += seconds * (1 - clock.Fraction);
            done += seconds * clock.Fraction;
        }

        left += _waiting.Sum(Expected);
        var atOnce = Math.Max(1, Math.Min(_parallel, _running.Count + _waiting.Count));
        var isKnown = _secondsOfMethod.Count > 0 || _running.Values.Any(clock => clock.Fraction > 0);
        var share = left + done > 0 ? done / (left + done) : 1;
        var details = _running.Select(pair => $"{pair.Key.Options.Method} seed {pair.Key.Options.Seed} {pair.Value.Detail}");
        _progress.Report(new WorkProgress(
            _finishedBefore.Count + (share * (_total - _finishedBefore.Count)),
            _total,
            $"{_finished.Count + _finishedBefore.Count} of {_total} runs finished; {string.Join("; ", details)}",
            isKnown ? TimeSpan.FromSeconds(left / atOnce) : null));
    }

    // The mean over known runs of the same method or, without any, over all known runs.
    private double Expected(RunSpecification run)
    {
        if (_secondsOfMethod.TryGetValue(run.Options.Method, out var known))
            return known.Average();
        var running = _running.Where(pair => pair.Value.Fraction > 0)
            .Select(pair => pair.Value.Elapsed.TotalSeconds / pair.Value.Fraction);
        return _secondsOfMethod.Values.SelectMany(seconds => seconds).Concat(running).DefaultIfEmpty(1).Average();
    }

    private sealed class RunClock
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public TimeSpan Elapsed => _watch.Elapsed;
        public double Fraction { get; set; }
        public string Detail { get; set; } = "";
    }
}
