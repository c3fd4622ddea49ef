namespace MkdSeg.ML.Scoring;

/// <summary>What became of a case.</summary>
public enum CaseStatus
{
    /// <summary>Its masks are written.</summary>
    Ok,

    /// <summary>Something went wrong; the reason says what.</summary>
    Failed,

    /// <summary>It was not scored on purpose; the reason says why.</summary>
    LeftOut,
}

/// <summary>A row of the results.</summary>
public sealed record CaseResult
{
    /// <summary>The case.</summary>
    public required ScoringCase Case { get; init; }

    /// <summary>What became of it.</summary>
    public required CaseStatus Status { get; init; }

    /// <summary>Why it failed or was left out, one sentence; empty where all is well.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Volume of each structure in mL, in the label set's order; empty where there is no mask.</summary>
    public IReadOnlyList<double> VolumesMl { get; init; } = [];

    /// <summary>Seconds spent in each of <see cref="ScoringStage"/>.</summary>
    public required IReadOnlyDictionary<ScoringStage, double> Seconds { get; init; }
}

/// <summary>The stages of a case, in order.</summary>
public enum ScoringStage
{
    /// <summary>Reading the volume.</summary>
    Read,

    /// <summary>Finding the heart.</summary>
    Locate,

    /// <summary>Bringing the volume into the networks' form.</summary>
    Prepare,

    /// <summary>Running the networks.</summary>
    Segment,

    /// <summary>Bringing masks back onto the volume's grid.</summary>
    Restore,

    /// <summary>Writing the masks.</summary>
    Write,
}

/// <summary>Where a run stands.</summary>
/// <param name="Done">Cases that are finished, well or not; what is left out does not count.</param>
/// <param name="Total">All cases to be scored.</param>
/// <param name="CaseName">The case at hand.</param>
/// <param name="Stage">Its stage; null when the case is finished.</param>
/// <param name="Result">The result when the case is finished.</param>
public sealed record ScoringProgress(int Done, int Total, string CaseName, ScoringStage? Stage, CaseResult? Result);

/// <summary>What became of a folder.</summary>
/// <param name="Cases">Every case that was looked at, in order.</param>
/// <param name="IsCancelled">Whether the run was cancelled before the last case.</param>
/// <param name="ResultsFile">The table of all rows.</param>
public sealed record ScoringSummary(IReadOnlyList<CaseResult> Cases, bool IsCancelled, string ResultsFile)
{
    /// <summary>Cases whose masks are written.</summary>
    public int OkCount => Cases.Count(result => result.Status == CaseStatus.Ok);

    /// <summary>Cases that failed.</summary>
    public int FailedCount => Cases.Count(result => result.Status == CaseStatus.Failed);

    /// <summary>For a command line: 0 all well, 2 some cases failed or were not reached, 1 none is written.</summary>
    public int ExitCode => OkCount == 0 ? 1 : FailedCount > 0 || IsCancelled ? 2 : 0;
}
