using MkdSeg.Metrics;

namespace MkdSeg.Experiments.Running;

internal sealed record RunResult
{
    public required string Identity { get; init; }

    /// <summary>Names of the structures, in the order of all values.</summary>
    public required IReadOnlyList<string> Structures { get; init; }

    public required CropRule Crop { get; init; }

    /// <summary>The scores of each segmentor, in the bundle's order, and last those of the ensemble.</summary>
    public required IReadOnlyList<MemberScores> Members { get; init; }

    /// <summary>Seconds of training, including those before an interruption.</summary>
    public required double TrainingSeconds { get; init; }

    public required double ScoringSeconds { get; init; }
    public required int Threads { get; init; }
    public required IReadOnlyDictionary<string, string> ToolVersions { get; init; }
    public required DateTimeOffset Finished { get; init; }
}

/// <summary>The scores of one segmentor, named by its role, or of the ensemble.</summary>
internal sealed record MemberScores(string Name, IReadOnlyList<CaseScores> Cases);

/// <summary>Per structure of a case: Dice, NaN where neither mask has a voxel, and surface metrics.</summary>
internal sealed record CaseScores(
    string CaseId,
    IReadOnlyList<double> Dice,
    IReadOnlyList<SurfaceScores> Surfaces,
    double SurfaceToleranceMm)
{
    public static CaseScores Of(SegmentationScores scores) => scores.Surfaces is { } surfaces
        ? new(scores.CaseId, scores.Dice, surfaces, scores.SurfaceToleranceMm)
        : throw new ArgumentException($"Case {scores.CaseId} has no surface metrics.", nameof(scores));
}
