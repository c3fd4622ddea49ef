using MkdSeg.Metrics;
using MkdSeg.Preprocessing;

namespace MkdSeg.Experiments.Running;

/// <summary>What came out of a run.</summary>
public sealed record RunResult
{
    /// <summary>The identity of the run's specification.</summary>
    public required string Identity { get; init; }

    /// <summary>Names of the structures, in the order of all values.</summary>
    public required IReadOnlyList<string> Structures { get; init; }

    /// <summary>How the test volumes were framed.</summary>
    public required CropRule Crop { get; init; }

    /// <summary>The scores of each segmentor, in the bundle's order, and last those of the ensemble.</summary>
    public required IReadOnlyList<MemberScores> Members { get; init; }

    /// <summary>Seconds of training, those before the run was stopped and resumed included.</summary>
    public required double TrainingSeconds { get; init; }

    /// <summary>Seconds of scoring the test cases.</summary>
    public required double ScoringSeconds { get; init; }

    /// <summary>Threads of the engines.</summary>
    public required int Threads { get; init; }

    /// <summary>Versions of the program and the engines.</summary>
    public required IReadOnlyDictionary<string, string> ToolVersions { get; init; }

    /// <summary>When the run was finished.</summary>
    public required DateTimeOffset Finished { get; init; }
}

/// <summary>The scores of one segmentor, or of all together.</summary>
/// <param name="Name">The segmentor's role, or <see cref="Bundles.NetworkRoles.Ensemble"/>.</param>
/// <param name="Cases">The test cases.</param>
public sealed record MemberScores(string Name, IReadOnlyList<CaseScores> Cases);

/// <summary>The scores of one test case.</summary>
/// <param name="CaseId">The case.</param>
/// <param name="Dice">Per structure; NaN where neither mask has a voxel.</param>
/// <param name="Surfaces">Surface metrics and difference of volume per structure.</param>
/// <param name="SurfaceToleranceMm">The tolerance of surface Dice, mm.</param>
public sealed record CaseScores(
    string CaseId,
    IReadOnlyList<double> Dice,
    IReadOnlyList<SurfaceScores> Surfaces,
    double SurfaceToleranceMm)
{
    /// <summary>What a comparison of masks gave.</summary>
    /// <exception cref="ArgumentException">Surface metrics were not computed.</exception>
    public static CaseScores Of(SegmentationScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Surfaces is { } surfaces
            ? new(scores.CaseId, scores.Dice, surfaces, scores.SurfaceToleranceMm)
            : throw new ArgumentException($"Case {scores.CaseId} has no surface metrics.", nameof(scores));
    }
}

/// <summary>Says that a run's training is complete.</summary>
/// <param name="TrainingSeconds">Seconds of training, those before the run was stopped and resumed included.</param>
internal sealed record TrainedRecord(double TrainingSeconds);
