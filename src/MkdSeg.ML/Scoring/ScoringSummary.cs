namespace MkdSeg.ML.Scoring;

/// <summary>The progress of a run.</summary>
/// <param name="Done">Finished cases, failed ones included; cases left out do not count.</param>
/// <param name="Total">All cases to be scored.</param>
/// <param name="CaseName">The current case.</param>
/// <param name="Stage">Its stage; null when the case is finished.</param>
/// <param name="Result">The result when the case is finished.</param>
public sealed record ScoringProgress(double Done, double Total, string CaseName, ScoringStage? Stage, CaseResult? Result)
    : WorkProgress(Done, Total, Stage is { } stage ? $"{CaseName} {stage.ToString().ToLowerInvariant()}" : CaseName);

/// <summary>The outcome of scoring a folder.</summary>
/// <param name="Cases">Every case examined, in order.</param>
/// <param name="IsCancelled">Whether the run was cancelled before the last case.</param>
/// <param name="ResultsFile">The table of all rows; a JSON file of the same name next to it contains more.</param>
public sealed record ScoringSummary(IReadOnlyList<CaseResult> Cases, bool IsCancelled, string ResultsFile)
{
    /// <summary>Cases whose masks are written and not doubtful.</summary>
    public int OkCount => Cases.Count(result => result.Status == CaseStatus.Ok);

    /// <summary>Cases whose masks are written but should not be used without review.</summary>
    public int DoubtfulCount => Cases.Count(result => result.Status == CaseStatus.Doubtful);

    /// <summary>Cases whose masks are written, doubtful or not.</summary>
    public int WrittenCount => OkCount + DoubtfulCount;

    /// <summary>Cases that failed.</summary>
    public int FailedCount => Cases.Count(result => result.Status == CaseStatus.Failed);

    /// <summary>Cases with written masks that an earlier run had finished.</summary>
    public int KeptCount { get; init; }

    /// <summary>Cases that a cancelled run did not reach.</summary>
    public int RemainingCount { get; init; }

    /// <summary>Command exit code: 0 for success, 2 if some cases failed or were not reached, 1 if none is written.</summary>
    public int ExitCode => WrittenCount == 0 ? 1 : FailedCount > 0 || IsCancelled ? 2 : 0;

    /// <summary>The same exit code with doubtful cases counted as failed.</summary>
    public int StrictExitCode => OkCount == 0 ? 1 : DoubtfulCount + FailedCount > 0 || IsCancelled ? 2 : 0;
}
