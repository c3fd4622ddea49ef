using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MkdSeg.Service.Monitoring;

namespace MkdSeg.Service.Jobs;

/// <summary>
/// All jobs, in memory and on disk, and the worker that runs them in turn. Each job has a folder named after its id, which
/// alone identifies it and therefore cannot be guessed.
/// </summary>
internal sealed class JobQueue : BackgroundService
{
    private const int MostAttempts = 2;
    private static readonly TimeSpan LookForOldEvery = TimeSpan.FromMinutes(1);
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Job> _jobs = new(StringComparer.Ordinal);
    private readonly LinkedList<Job> _waiting = [];
    private readonly SemaphoreSlim _available = new(0);
    private readonly StageTimes _times = new();
    private readonly ServiceOptions _options;
    private readonly JobScorer _scorer;
    private readonly TimeProvider _clock;
    private readonly ServiceMetrics _metrics;
    private readonly ILogger<JobQueue> _log;
    private readonly string _folder;
    private readonly FolderLock _lock;
    private Job? _running;
    private int _uploading;

    public JobQueue(
        ServiceOptions options, JobScorer scorer, TimeProvider clock, ServiceMetrics metrics, ILogger<JobQueue> log)
    {
        (_options, _scorer, _clock, _metrics, _log) = (options, scorer, clock, metrics, log);
        _folder = Path.GetFullPath(options.JobsFolder);
        _lock = FolderLock.Take(_folder);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var folder in Directory.EnumerateDirectories(_folder).Where(folder => IsId(Path.GetFileName(folder))))
        {
            if (Job.Load(folder) is { } job)
                _jobs.Add(job.Record.Id, job);
            else
                Directory.Delete(folder, recursive: true);
        }

        foreach (var job in _jobs.Values.Where(job => !job.Record.IsOver()).OrderBy(job => job.Record.Created))
        {
            if (job.Record.Attempts < MostAttempts)
                Append(job);
            else
                Finish(job, JobState.Failed, [], "The service stopped repeatedly while working on it; it is not tried again.");
        }
    }

    /// <summary>Number of waiting jobs.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
                return _waiting.Count;
        }
    }

    public bool IsWorking => _running is not null;

    /// <summary>Creates a job for an upload, which ends in <see cref="Submit"/> or <see cref="Abandon"/>.</summary>
    /// <returns>The job; null if the queue is full.</returns>
    public Job? Begin()
    {
        lock (_gate)
        {
            if (_waiting.Count + _uploading >= _options.Queue)
                return null;
            _uploading++;
        }

        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var job = new Job(Path.Combine(_folder, id), new() { Id = id, Created = _clock.GetUtcNow() });
        try
        {
            Directory.CreateDirectory(job.InputFolder);
            return job;
        }
        catch
        {
            lock (_gate)
                _uploading--;
            throw;
        }
    }

    public void Submit(Job job)
    {
        job.Save(job.Record);
        lock (_gate)
        {
            _uploading--;
            _jobs.Add(job.Record.Id, job);
            Append(job);
        }

        _metrics.UploadAccepted();
        _log.Queued(job.Record.Id);
    }

    public void Abandon(Job job)
    {
        lock (_gate)
            _uploading--;
        Directory.Delete(job.Folder, recursive: true);
    }

    public Job? Find(string id)
    {
        lock (_gate)
            return _jobs.GetValueOrDefault(id);
    }

    /// <summary>Number of jobs in each state; states without jobs are missing.</summary>
    public IReadOnlyDictionary<JobState, int> CountStates()
    {
        lock (_gate)
            return _jobs.Values.CountBy(job => job.Record.State).ToDictionary();
    }

    /// <summary>Cancels an unfinished job, or deletes a finished one with all its files.</summary>
    /// <returns>Whether it was deleted.</returns>
    public bool CancelOrDelete(Job job)
    {
        lock (_gate)
        {
            if (job.Record.IsOver())
            {
                _jobs.Remove(job.Record.Id);
                _log.Deleted(job.Record.Id);
                Try(job, () => Directory.Delete(job.Folder, recursive: true));
                return true;
            }

            if (_waiting.Remove(job))
                Finish(job, JobState.Cancelled, []);
            else
                job.Cancellation.Cancel();
            return false;
        }
    }

    /// <summary>Number of jobs ahead of a waiting job; null for other jobs.</summary>
    public int? PositionOf(Job job)
    {
        lock (_gate)
        {
            var position = _running is null ? 0 : 1;
            foreach (var waiting in _waiting)
            {
                if (waiting == job)
                    return position;
                position++;
            }

            return null;
        }
    }

    public (double Fraction, TimeSpan? Left) ProgressOf(Job job)
    {
        lock (_gate)
            return _times.Of(job);
    }

    public override void Dispose()
    {
        base.Dispose();
        _lock.Dispose();
        _available.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(WorkAsync(stoppingToken), DeleteOldAsync(stoppingToken));

    private async Task WorkAsync(CancellationToken stop)
    {
        while (true)
        {
            await _available.WaitAsync(stop);
            Job? job;
            lock (_gate)
            {
                job = _running = _waiting.First?.Value;
                if (job is null)
                    continue;
                _waiting.RemoveFirst();
                Save(job, job.Record with
                {
                    State = JobState.Running, Started = _clock.GetUtcNow(), Attempts = job.Record.Attempts + 1,
                });
            }

            await Task.Factory.StartNew(() => Work(job, stop), stop, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            // A full CT takes 1 GB, and the next may be hours away: free memory is returned to the system.
            if (Waiting == 0)
                FreeMemory.Return();
        }
    }

    private void Work(Job job, CancellationToken stop)
    {
        _log.Running(job.Record.Id);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, job.Cancellation.Token);
        limit.CancelAfter(_options.JobLimit);
        try
        {
            var watched = new DirectProgress<ScoringProgress>(progress => Take(job, progress));
            var cases = _scorer.Score(job, watched, limit.Token) ?? throw new OperationCanceledException();
            if (cases.Any(item => item.Formats.Count > 0))
                Finish(job, JobState.Done, cases);
            else
                Finish(job, JobState.Failed, cases, cases.MaxBy(item => item.Status == CaseStatus.Failed)!.Reason);
        }
        catch (OperationCanceledException)
        {
            if (job.Cancellation.IsCancellationRequested)
                Finish(job, JobState.Cancelled, []);
            else if (stop.IsCancellationRequested)
                Save(job, job.Record with { State = JobState.Queued, Attempts = job.Record.Attempts - 1 });
            else
                Finish(job, JobState.Failed, [], $"It took longer than the {_options.JobLimit.TotalMinutes:0.#} minutes allowed here.");
        }
#pragma warning disable CA1031 // Whatever is wrong with a job must not affect the next.
        catch (Exception error)
#pragma warning restore CA1031
        {
            if (UserErrorException.SentenceWithin(error) is not { } sentence)
            {
                _log.FailedUnexpectedly(job.Record.Id, NamelessText.Of($"{error}", FilesOf(job)));
                sentence = $"Unexpected {error.GetType().Name}; see the service's log for details.";
            }

            Finish(job, JobState.Failed, [], JobScorer.WithoutPaths(job, sentence));
        }
        finally
        {
            lock (_gate)
                _running = null;
        }
    }

    private void Take(Job job, ScoringProgress progress)
    {
        lock (_gate)
        {
            job.Cases = (progress.Done, progress.Total);
            job.Stage = progress.Stage is { } stage ? (stage, Stopwatch.StartNew()) : null;
            if (progress.Result is not { } result)
                return;
            _metrics.Finished(result);
            if (result.IsWritten)
                _times.Add(result.Seconds);
        }
    }

    private void Append(Job job)
    {
        _waiting.AddLast(job);
        _available.Release();
    }

    private void Finish(Job job, JobState state, IReadOnlyList<JobCase> cases, string? message = null)
    {
        lock (_gate)
        {
            job.Stage = null;
            Save(job, job.Record with { State = state, Cases = cases, Message = message, Finished = _clock.GetUtcNow() });
            if (state != JobState.Done)
                Try(job, job.DeleteFiles);
        }

        _metrics.Finished(job.Record);
        var seconds = Math.Round((job.Record.Finished - job.Record.Started)?.TotalSeconds ?? 0, 1);
        var counts = cases.CountBy(item => item.Status).ToDictionary();
        var (ok, doubtful, failed) = (Count(CaseStatus.Ok), Count(CaseStatus.Doubtful), Count(CaseStatus.Failed));
        _log.Finished(job.Record.Id, state, seconds, ok, doubtful, failed);

        int Count(CaseStatus status) => counts.GetValueOrDefault(status);
    }

    private void Save(Job job, JobRecord record) => Try(job, () => job.Save(record));

    // A full disk must not end the worker; it continues with the jobs in memory.
    private void Try(Job job, Action action)
    {
        try
        {
            action();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _log.FilesFailed(job.Record.Id, NamelessText.Of(error.Message, FilesOf(job)));
        }
    }

    private async Task DeleteOldAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(LookForOldEvery, _clock);
        do
        {
            DeleteOld();
        }
        while (await timer.WaitForNextTickAsync(stop));
    }

    /// <summary>Deletes the jobs that finished too long ago.</summary>
    internal void DeleteOld()
    {
        var latest = _clock.GetUtcNow() - TimeSpan.FromHours(_options.KeepHours);
        lock (_gate)
        {
            foreach (var job in _jobs.Values.Where(job => job.Record.Finished < latest).ToArray())
                CancelOrDelete(job);
        }
    }

    private static string[] FilesOf(Job job) =>
        Directory.Exists(job.InputFolder) ? Directory.GetFiles(job.InputFolder) : [];

    private static bool IsId(string name) => name.Length == 32 && name.All(char.IsAsciiHexDigitLower);
}
