using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Service.Jobs;

/// <summary>The state of a job.</summary>
internal enum JobState
{
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// <summary>The content of a job's file on disk, from which a restart resumes.</summary>
internal sealed record JobRecord
{
    public required string Id { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Finished { get; init; }
    public JobState State { get; init; }

    /// <summary>How often work on it was started; a job that repeatedly stops the service is not tried forever.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed, in one sentence.</summary>
    public string? Message { get; init; }

    public IReadOnlyList<JobCase> Cases { get; init; } = [];

    public bool IsOver() => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}

/// <summary>A volume of an upload and its results: a row of results.json without paths of this machine.</summary>
internal sealed record JobCase
{
    public required string Name { get; init; }
    public required CaseStatus Status { get; init; }
    public string Reason { get; init; } = "";
    public IReadOnlyList<string> Warnings { get; init; } = [];
    public IReadOnlyList<StructureResult> Structures { get; init; } = [];
    public PatientExtent? ExtentMm { get; init; }
    public HeartMeasures? Heart { get; init; }
    public double? Agreement { get; init; }

    /// <summary>The formats in which its mask can be downloaded.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];
}
