namespace MkdSeg.Service.Jobs;

/// <summary>Estimates progress and remaining time from the mean times of earlier cases.</summary>
internal sealed class StageTimes
{
    // Shares of the time, used until the first case is finished.
    private readonly double[] _seconds = [0.02, 0.1, 0.15, 0.08, 0.45, 0.12, 0.08];
    private int _cases;

    public void Add(IReadOnlyDictionary<ScoringStage, double> seconds)
    {
        _cases++;
        foreach (var stage in Enum.GetValues<ScoringStage>())
        {
            // The first case replaces the shares.
            _seconds[(int)stage] += (seconds.GetValueOrDefault(stage) - _seconds[(int)stage]) / _cases;
        }
    }

    /// <summary>The fraction of a job that is done, in [0, 1], and the time left, null until a case is finished.</summary>
    public (double Fraction, TimeSpan? Left) Of(Job job)
    {
        var all = Math.Max(_seconds.Sum(), 1e-3);
        var (done, total) = (job.Cases.Done, Math.Max(job.Cases.Total, 1));
        var passed = 0.0;
        if (job.Stage is var (stage, since) && done < total)
        {
            passed = _seconds.AsSpan(0, (int)stage).ToArray().Sum();
            if (_cases > 0)
                passed += Math.Min(since.Elapsed.TotalSeconds, 0.95 * _seconds[(int)stage]);
        }

        var fraction = Math.Min((done + (passed / all)) / total, 1);
        return (fraction, _cases > 0 ? TimeSpan.FromSeconds((1 - fraction) * total * all) : null);
    }
}
