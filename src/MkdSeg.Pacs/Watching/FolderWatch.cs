using MkdSeg.Pacs.Scoring;

namespace MkdSeg.Pacs.Watching;

/// <summary>
/// Scores the series of a folder that a DICOM receiver fills, each once, when nothing of it has come for a time. It goes on
/// until it is cancelled: what goes wrong with a series or a server is said, and the others are worked on.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="quiet">For how long nothing of a series has to have come.</param>
/// <param name="scorer">The model.</param>
/// <param name="ledger">The records.</param>
/// <param name="sender">Where results go; null for nowhere.</param>
/// <param name="say">Takes a line for all that happens.</param>
internal sealed class FolderWatch(
    string folder, TimeSpan quiet, SeriesScorer scorer, SeriesLedger ledger, ResultSender? sender, Action<string> say)
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstResend = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestResend = TimeSpan.FromMinutes(15);

    private readonly TimeProvider _clock = TimeProvider.System;

    // Failed in this process: another try would fail as well.
    private readonly HashSet<(string Uid, string Images)> _failed = [];
    private string _lastProblem = "";
    private TimeSpan _resendAfter = FirstResend;
    private long? _storeFailed;

    /// <summary>Watches until it is cancelled.</summary>
    /// <exception cref="UserErrorException">There is no such folder, or the output cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"The folder {folder} does not exist; make it, and let the receiver write there.");
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
            say("Stopped; the same command goes on.");
        }
    }

    // A share that is away for a while is no reason to end.
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
            // Fewer: somebody tidies up.
            if (earlier.Images == images || earlier.WarnedImages == images || instances.Length < earlier.ImageCount)
                return;
            say($"{series.Title} has {instances.Length} images now, and its mask was made from {earlier.ImageCount}; it is not "
                + $"made again unless you delete '{ledger.PathOf(series.Uid)}' and start again. A longer --quiet waits longer.");
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

    // All that is not sent, of earlier runs too; after a failure not before a while has passed, which doubles.
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
