using System.Diagnostics;
using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Running;

/// <summary>Keeps account of all runs of a call, and estimates the time that is left.</summary>
internal sealed class ProgressBoard
{
    private readonly Lock _gate = new();
    private readonly int _parallel;
    private readonly IExperimentProgress _progress;
    private readonly int _total;
    private readonly Dictionary<RunSpecification, RunClock> _running = [];
    private readonly Dictionary<string, List<double>> _secondsOfMethod = new(StringComparer.Ordinal);
    private readonly List<RunSpecification> _waiting;
    private readonly List<RunSpecification> _finished = [];
    private readonly List<RunSpecification> _finishedBefore = [];
    private readonly List<(RunSpecification, string)> _failed = [];
    private readonly List<RunSpecification> _skipped = [];

    public ProgressBoard(string root, IReadOnlyList<RunSpecification> runs, int parallel, IExperimentProgress progress)
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

    public void Report(RunSpecification run, RunProgress progress)
    {
        lock (_gate)
        {
            Start(run).Progress = progress;
            Publish();
        }
    }

    public void Finish(RunSpecification run)
    {
        lock (_gate)
        {
            Remember(run, Start(run).Elapsed.TotalSeconds);
            _finished.Add(run);
            End(run, "finished");
        }
    }

    public void Fail(RunSpecification run, string reason)
    {
        lock (_gate)
        {
            _failed.Add((run, reason));
            End(run, $"failed: {reason}");
        }
    }

    public void Skip(RunSpecification run, string reason)
    {
        lock (_gate)
        {
            _skipped.Add(run);
            End(run, $"left out: {reason}");
        }
    }

    private RunClock Start(RunSpecification run)
    {
        if (!_running.TryGetValue(run, out var clock))
        {
            _running[run] = clock = new();
            _waiting.Remove(run);
        }

        return clock;
    }

    private void End(RunSpecification run, string what)
    {
        _waiting.Remove(run);
        _running.Remove(run);
        _progress.Say($"{run.Name} {what}");
        Publish();
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
            var seconds = clock.Progress.Fraction > 0
                ? clock.Elapsed.TotalSeconds / clock.Progress.Fraction
                : Expected(run);
            left += seconds * (1 - clock.Progress.Fraction);
            done += seconds * clock.Progress.Fraction;
        }

        left += _waiting.Sum(Expected);
        var atOnce = Math.Max(1, Math.Min(_parallel, _running.Count + _waiting.Count));
        var isKnown = _secondsOfMethod.Count > 0 || _running.Values.Any(clock => clock.Progress.Fraction > 0);
        _progress.Report(new(
            _finished.Count + _finishedBefore.Count,
            _total,
            left + done > 0 ? done / (left + done) : 1,
            isKnown ? TimeSpan.FromSeconds(left / atOnce) : null,
            string.Join("; ", _running.Select(pair => Describe(pair.Key, pair.Value.Progress)))));
    }

    private static string Describe(RunSpecification run, RunProgress progress) =>
        $"{run.Options.Method} seed {run.Options.Seed} {progress.Detail}";

    // Of the same method where one is known, else of all that are known.
    private double Expected(RunSpecification run)
    {
        if (_secondsOfMethod.TryGetValue(run.Options.Method, out var known))
            return known.Average();
        var running = _running.Where(pair => pair.Value.Progress.Fraction > 0)
            .Select(pair => pair.Value.Elapsed.TotalSeconds / pair.Value.Progress.Fraction);
        return _secondsOfMethod.Values.SelectMany(seconds => seconds).Concat(running).DefaultIfEmpty(1).Average();
    }

    private sealed class RunClock
    {
        private readonly Stopwatch _watch = Stopwatch.StartNew();

        public TimeSpan Elapsed => _watch.Elapsed;

        public RunProgress Progress { get; set; }
    }
}
