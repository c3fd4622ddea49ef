using System.Collections.Concurrent;
using MkdSeg.Pacs.Dicomweb;

namespace MkdSeg.Pacs.Scoring;

/// <summary>
/// Scores series of a DICOMweb server sequentially while fetching the next, so the disk holds at most two. Results are sent
/// as soon as they are available.
/// </summary>
/// <param name="source">The server.</param>
/// <param name="scorer">The model.</param>
/// <param name="ledger">The records.</param>
/// <param name="sender">Sends results; null if they are not sent.</param>
/// <param name="keepsSeries">Whether fetched series are kept in the output folder after scoring.</param>
internal sealed class PacsScoring(
    DicomwebClient source, SeriesScorer scorer, SeriesLedger ledger, ResultSender? sender, bool keepsSeries)
{
    /// <summary>Name of the folder of fetched series within an output folder.</summary>
    public const string SeriesFolder = "dicom";

    private readonly List<CaseResult> _results = [];
    private readonly ConcurrentQueue<string> _problems = [];
    private readonly List<string> _unsent = [];
    private int _kept;
    private int _sent;
    private string? _storeProblem;

    /// <summary>Scores the series that a query finds.</summary>
    /// <param name="query">Selects the series.</param>
    /// <param name="progress">Receives every stage and every finished series.</param>
    /// <param name="cancellation">Abandons the current series.</param>
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
            // Servers must return the modality; the files show what it really is.
            if (own.Length == 0 || own == wanted || wanted is not ("CT" or "MR"))
                chosen.Add(series);
            else
                progress.Report(new WorkInfo($"{series.Title} has modality {own}, but the model expects {wanted}; skipped."));
        }

        return chosen.Count > 0
            ? chosen
            : throw new UserErrorException(
                $"The server {source.Options.Address} has no matching series of modality {scorer.Modality} "
                + $"({found.Count} of other modalities); check --study, --series or --since.");
    }

    /// <summary>Fetches a series unless it is already scored; null if that failed for a reason specific to the series.</summary>
    private async Task<Fetched?> FetchAsync(RemoteSeries series, CancellationToken cancellation)
    {
        // Leaves the scoring thread.
        await Task.Yield();
        try
        {
            var instances = await source.FindInstancesAsync(series.StudyUid, series.Uid, cancellation);
            if (instances.Count == 0)
                throw new UserErrorException($"{series.Title} no longer has any images on the server {source.Options.Address}.");
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

    /// <summary>Scores a series and sends its results; false if it was cancelled.</summary>
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
            // Messages about failed series name their files.
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

    // An unreachable server is not tried again until everything is scored.
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

    /// <summary>Tries once more to send what could not be sent; false if it was cancelled.</summary>
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
            _problems.Enqueue($"The results of {_unsent.Count} series were not sent. {_storeProblem}");
        return true;
    }

    private string FolderOf(RemoteSeries series) => Path.Combine(ledger.OutputFolder, SeriesFolder, series.StudyUid, series.Uid);

    private sealed record Fetched(
        RemoteSeries Series, IReadOnlySet<string> Instances, IReadOnlyList<string> Files, SeriesRecord? Finished);
}

/// <summary>The outcome of a query.</summary>
/// <param name="Scoring">The cases.</param>
/// <param name="SentCount">Number of objects sent in this run.</param>
/// <param name="Problems">One sentence for each series that could not be fetched and each result that could not be sent.</param>
internal sealed record PacsSummary(ScoringSummary Scoring, int SentCount, IReadOnlyList<string> Problems);
