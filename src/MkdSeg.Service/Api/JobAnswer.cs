using System.ComponentModel;
using MkdSeg.Service.Jobs;

namespace MkdSeg.Service.Api;

/// <summary>The service's description of a job.</summary>
internal sealed record JobAnswer
{
    [Description("Identifies the job; anyone who knows it can read the results, unless a token is also required.")]
    public required string Id { get; init; }

    public required JobState State { get; init; }

    [Description("Number of jobs ahead of it; absent unless queued.")]
    public int? Position { get; init; }

    [Description("Stage of the current volume; absent unless running.")]
    public ScoringStage? Stage { get; init; }

    [Description("Fraction that is done, 0 to 1.")]
    public required double Fraction { get; init; }

    [Description("Estimated from earlier jobs; absent if there were none since the service started.")]
    public double? SecondsLeft { get; init; }

    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Finished { get; init; }

    [Description("When job and results are deleted; absent until it is finished.")]
    public DateTimeOffset? Deleted { get; init; }

    [Description("Why it failed, in one sentence.")]
    public string? Message { get; init; }

    [Description("The volumes of the upload, with measurements, warnings and the files to download.")]
    public IReadOnlyList<JobCase> Cases { get; init; } = [];

    public static JobAnswer Of(Job job, JobQueue queue, ServiceOptions options)
    {
        var record = job.Record;
        var (fraction, left) = queue.ProgressOf(job);
        var isRunning = record.State == JobState.Running;
        return new()
        {
            Id = record.Id,
            State = record.State,
            Position = queue.PositionOf(job),
            Stage = isRunning ? job.Stage?.Stage : null,
            Fraction = record.State == JobState.Done ? 1 : isRunning ? Math.Round(fraction, 3) : 0,
            SecondsLeft = isRunning && left is { } time ? Math.Round(time.TotalSeconds, 1) : null,
            Created = record.Created,
            Started = record.Started,
            Finished = record.Finished,
            Deleted = record.Finished?.AddHours(options.KeepHours),
            Message = record.Message,
            Cases = record.Cases,
        };
    }
}

/// <summary>Versions, the model and the service's limits.</summary>
internal sealed record VersionAnswer(
    IReadOnlyDictionary<string, string> Versions,
    string Model,
    string Modality,
    string ModelSha256,
    IReadOnlyList<Datasets.Structure> Structures,
    long MaxUploadBytes,
    double KeepHours);

/// <summary>Confirms that the service works.</summary>
internal sealed record HealthAnswer(string Status, int Waiting, bool Working);
