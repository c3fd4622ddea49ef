using System.Collections.Concurrent;
using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>
/// Scores series of a DICOMweb server, one after the other; the next is fetched meanwhile, so the disk holds two at most.
/// Results are sent as soon as they are there.
/// </summary>
/// <param name="source">The server.</param>
/// <param name="scorer">The model.</param>
/// <param name="ledger">The records.</param>
/// <param name="sender">Where results go; null for nowhere.</param>
/// <param name="keepsSeries">Whether fetched series stay in the output folder when they are scored.</param>
internal sealed class PacsScoring(
    DicomwebClient source, SeriesScorer scorer, SeriesLedger ledger, ResultSender? sender, bool keepsSeries)
{
    /// <summary>Name, within an output folder, of the folder of fetched series.</summary>
    public const string SeriesFolder = "dicom";

    private readonly List<CaseResult> _results = [];
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly List<string> _unsent = [];
    private int _kept;
    private int _sent;
    private string? _storeProblem;

    /// <summary>Scores what a query finds.</summary>
    /// <param name="query">Which series.</param>
    /// <param name="progress">Told of every stage and every finished series.</param>
    /// <param name="cancellation">Abandons what is at hand.</param>
    /// <exception cref="UserErrorException">
    /// Nothing is found, the server does not answer, or the output cannot be written.
    /// </exception>
    public async Task<PacsSummary> RunAsync(SeriesQuery query, IProgress<WorkEvent> progress, CancellationToken cancellation)
    {
        var series = Choose(await source.FindSeriesAsync(query, cancellation), progress);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (done, isCancelled) = (0, false);
        var next = FetchAsync(series[0], stop.Token);
        try
        {
            for (; done < series.Count; done++)
            {
                progress.Report(new WorkProgress(done, series.Count, $"{series[done].Title} fetch"));
                var fetched = await next;
                next = done + 1 < series.Count ? FetchAsync(series[done + 1], stop.Token) : Task.FromResult<Fetched?>(null);
                if (fetched is null || await ScoreAsync(fetched, done, series.Count, progress, cancellation))
                    continue;
                isCancelled = true;
                break;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            isCancelled = true;
        }
        catch (UserErrorException error) when (DicomwebException.IsWithin(error))
        {
            _problems.Enqueue(error.Message);
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        isCancelled |= !await SendUnsentAsync(cancellation);
        progress.Report(new WorkProgress(done, series.Count));
        return new(
            new(_results, isCancelled, ResultsFiles.CsvPath(ledger.OutputFolder, null))
            {
                KeptCount = _kept, RemainingCount = series.Count - done,
            },
            _sent,
            [.. _problems]);
    }

    private List<RemoteSeries> Choose(IReadOnlyList<RemoteSeries> found, IProgress<WorkEvent> progress)
    {
        var chosen = new List<RemoteSeries>();
        foreach (var series in found)
        {
            var (own, wanted) = (series.Modality, scorer.Modality);
            // Servers have to know the modality; what it is after all shows in the files.
            if (own.Length == 0 || own == wanted || wanted is not ("CT" or "MR"))
                chosen.Add(series);
            else
                progress.Report(new WorkInfo($"{series.Title} is of the modality {own}; the model takes {wanted}: skipped."));
        }

        return chosen.Count > 0
            ? chosen
            : throw new UserErrorException(
                $"The server {source.Options.Address} has no series of the modality {scorer.Modality} that was asked for "
                + $"({found.Count} of other modalities); check --study, --series or --since.");
    }

    /// <summary>Fetches what is not scored yet; null where that failed for reasons of the series' own.</summary>
    private async Task<Fetched?> FetchAsync(RemoteSeries series, CancellationToken cancellation)
    {
        // Off the thread that scores.
        await Task.Yield();
        try
        {
            var instances = await source.FindInstancesAsync(series.StudyUid, series.Uid, cancellation);
            if (instances.Count == 0)
                throw new UserErrorException($"{series.Title} has no image on the server {source.Options.Address} any more.");
            var images = SeriesRecord.HashOf(instances);
            return ledger.Find(series.Uid) is { } record && record.Images == images && scorer.IsFinished(record)
                ? new(series, instances, [], record)
                : new(series, instances, await source.RetrieveAsync(series, instances, FolderOf(series), cancellation), null);
        }
        catch (UserErrorException error) when (!DicomwebException.IsWithin(error))
        {
            _problems.Enqueue(error.Message);
            return null;
        }
    }

    /// <summary>Scores a series and sends its results; false where it was cancelled.</summary>
    private async Task<bool> ScoreAsync(
        Fetched fetched, int done, int total, IProgress<WorkEvent> progress, CancellationToken cancellation)
    {
        var record = fetched.Finished;
        if (record is null)
        {
            var stages = new DirectProgress<ScoringProgress>(stage => progress.Report(
                stage with { Done = done + Math.Min(stage.Done / Math.Max(stage.Total, 1), 1), Total = total }));
            record = scorer.Score(
                fetched.Series.Title, fetched.Series.Uid, [.. fetched.Instances], fetched.Files, stages, cancellation);
            if (record is null)
                return false;
            foreach (var line in record.Results.Where(result => result.Status == CaseStatus.LeftOut))
                progress.Report(new WorkInfo($"left out: {line.Reason}"));
            // Messages name files of those that failed.
            if (!keepsSeries && record.Results.All(result => result.Status != CaseStatus.Failed))
                Directory.Delete(FolderOf(fetched.Series), recursive: true);
        }
        else
        {
            _kept += record.Results.Count(result => result.IsWritten);
        }

        _results.AddRange(record.Results);
        await SendAsync(record, cancellation);
        return true;
    }

    // A server that is away is not asked again before all is scored.
    private async Task SendAsync(SeriesRecord record, CancellationToken cancellation)
    {
        if (sender is null)
            return;
        _unsent.Add(record.Uid);
        if (_storeProblem is not null)
            return;
        try
        {
            var (sent, problems) = await sender.SendAsync(record, cancellation);
            _sent += sent;
            foreach (var problem in problems)
                _problems.Enqueue(problem);
            _unsent.Remove(record.Uid);
        }
        catch (UserErrorException error)
        {
            _storeProblem = error.Message;
        }
    }

    /// <summary>Tries once more what could not be sent; false where it was cancelled.</summary>
    private async Task<bool> SendUnsentAsync(CancellationToken cancellation)
    {
        string[] again = [.. _unsent];
        _unsent.Clear();
        _storeProblem = null;
        try
        {
            foreach (var uid in again)
                await SendAsync(ledger.Find(uid)!, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return false;
        }

        if (_storeProblem is not null)
            _problems.Enqueue($"The results of {_unsent.Count} series are not sent. {_storeProblem}");
        return true;
    }

    private string FolderOf(RemoteSeries series) => Path.Combine(ledger.OutputFolder, SeriesFolder, series.StudyUid, series.Uid);

    private sealed record Fetched(
        RemoteSeries Series, IReadOnlySet<string> Instances, IReadOnlyList<string> Files, SeriesRecord? Finished);
}

/// <summary>What became of a query.</summary>
/// <param name="Scoring">The cases.</param>
/// <param name="SentCount">Objects that were sent in this run.</param>
/// <param name="Problems">One sentence for each series that could not be fetched and each result that could not be sent.</param>
internal sealed record PacsSummary(ScoringSummary Scoring, int SentCount, IReadOnlyList<string> Problems);
