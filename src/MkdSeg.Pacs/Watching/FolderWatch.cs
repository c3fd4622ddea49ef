using MkdSeg.Pacs.Scoring;

namespace MkdSeg.Pacs.Watching;

/// <summary>
/// Scores the series in a folder that a DICOM receiver writes to, each once, when none of its images have arrived for a time.
/// It runs until cancelled: problems with a series or a server are reported, and the others are processed.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="quiet">The time without new images after which a series is scored.</param>
/// <param name="scorer">The model.</param>
/// <param name="ledger">The records.</param>
/// <param name="sender">Sends results; null if they are not sent.</param>
/// <param name="say">Receives a line for every event.</param>
internal sealed class FolderWatch(
    string folder, TimeSpan quiet, SeriesScorer scorer, SeriesLedger ledger, ResultSender? sender, Action<string> say)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstResend = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestResend = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _clock = TimeProvider.System;

    // Failed in this process: another attempt would fail as well.
    private readonly HashSet<(string Uid, string Images)> _failed = [];
    private string _lastProblem = "";
    private TimeSpan _resendAfter = FirstResend;
    private long? _storeFailed;

    /// <summary>Watches until cancelled.</summary>
    /// <exception cref="UserErrorException">There is no such folder, or the output cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"The folder {folder} does not exist; create it, and have the receiver write to it.");
        var arrivals = new ArrivalFolder(folder, ledger.OutputFolder, _clock);
        var pause = quiet / 4 < LongestPause ? quiet / 4 : LongestPause;
        try
        {
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                Scan(arrivals);
                if (arrivals.TakeQuiet(quiet) is { } series)
                {
                    Score(series, cancellation);
                    await SendAsync(cancellation);
                    continue;
                }

                await SendAsync(cancellation);
                await Task.Delay(pause, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            say("Stopped; rerun the same command to resume.");
        }
    }

    // A share that is unavailable for a while is no reason to stop.
    private void Scan(ArrivalFolder arrivals)
    {
        try
        {
            arrivals.Scan();
            _lastProblem = "";
        }
        catch (UserErrorException error)
        {
            if (error.Message != _lastProblem)
                say(_lastProblem = error.Message);
        }
    }

    private void Score(ArrivingSeries series, CancellationToken cancellation)
    {
        string[] instances = [.. series.Files.Values.Distinct(StringComparer.Ordinal)];
        var images = SeriesRecord.HashOf(instances);
        var earlier = ledger.Find(series.Uid);
        if (earlier?.HasMask() == true)
        {
            // Fewer: someone is cleaning up.
            if (earlier.Images == images || earlier.WarnedImages == images || instances.Length < earlier.ImageCount)
                return;
            say($"{series.Title} now has {instances.Length} images, but its mask was created from {earlier.ImageCount}; it is "
                + $"not scored again unless you delete '{ledger.PathOf(series.Uid)}' and rerun. A longer --quiet waits longer.");
            ledger.Save(earlier with { WarnedImages = images });
            return;
        }

        var isLeftOut = earlier is { Results.Count: > 0 } && earlier.Results.All(result => result.Status == CaseStatus.LeftOut);
        if ((isLeftOut && earlier!.Images == images) || _failed.Contains((series.Uid, images)))
            return;
        var record = scorer.Score(series.Title, series.Uid, instances, [.. series.Files.Keys], null, cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (record is null)
            return;
        if (!record.HasMask())
            _failed.Add((series.Uid, images));
        foreach (var line in SeriesScorer.Lines(record))
            say(line);
        if (sender is not null && ResultSender.HasNothingToSend(record))
            say(ResultSender.NothingToSend(record));
    }

    // Sends everything unsent, also from earlier runs; after a failure only after a wait, which doubles.
    private async Task SendAsync(CancellationToken cancellation)
    {
        if (sender is null || (_storeFailed is { } since && _clock.GetElapsedTime(since) < _resendAfter))
            return;
        foreach (var record in ledger.Records.Where(sender.IsPending).ToArray())
        {
            try
            {
                var (sent, problems) = await sender.SendAsync(record, cancellation);
                foreach (var problem in problems)
                    say(problem);
                if (sent > 0)
                    say($"{record.Title}: {sent} {(sent == 1 ? "object" : "objects")} sent.");
                if (problems.Count > 0)
                    PutOff();
                else
                    (_storeFailed, _resendAfter) = (null, FirstResend);
            }
            catch (UserErrorException error)
            {
                say(error.Message);
                PutOff();
                return;
            }
        }
    }

    private void PutOff()
    {
        if (_storeFailed is not null)
            _resendAfter = _resendAfter * 2 < LongestResend ? _resendAfter * 2 : LongestResend;
        _storeFailed = _clock.GetTimestamp();
    }
}
