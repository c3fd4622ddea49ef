using MkdSeg.Metrics;
using MkdSeg.Volumes;

namespace MkdSeg.Service.Jobs;

/// <summary>Where a job stands.</summary>
internal enum JobState
{
    Queued,
    Running,
    Done,
    Failed,
    Cancelled,
}

/// <summary>What a job's file on disk holds; a restart goes on from it.</summary>
internal sealed record JobRecord
{
    public required string Id { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Finished { get; init; }
    public JobState State { get; init; }

    /// <summary>How often work on it began; what stops the service again and again is not tried forever.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it failed, one sentence.</summary>
    public string? Message { get; init; }

    public IReadOnlyList<JobCase> Cases { get; init; } = [];

    public bool IsOver() => State is JobState.Done or JobState.Failed or JobState.Cancelled;
}

/// <summary>A volume of an upload and what was found in it: a row of results.json without paths of this machine.</summary>
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

    /// <summary>The mask files that can be downloaded.</summary>
    public IReadOnlyList<string> Formats { get; init; } = [];
}
