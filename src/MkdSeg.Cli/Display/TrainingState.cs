using MkdSeg.Training.Methods;

namespace MkdSeg.Cli.Display;

internal enum TrainingPhase
{
    Running,

    /// <summary>Asked to stop; finishes its iteration.</summary>
    Stopping,

    Finished,

    Stopped,

    Failed,
}

/// <summary>A snapshot of training for its view; a part is null until it first happens.</summary>
internal sealed record TrainingState
{
    public required string Title { get; init; }
    public required TrainingPhase Phase { get; init; }
    public required TimeSpan Elapsed { get; init; }
    public TrainingAdvance? Advance { get; init; }
    public ValidationDone? Validation { get; init; }
    public long? SavedIteration { get; init; }
}

internal sealed record TrainingAdvance
{
    /// <summary>The method's stage; null if it has only one.</summary>
    public string? Stage { get; init; }

    public required long Iteration { get; init; }
    public required long Iterations { get; init; }

    /// <summary>Speed over the last half minute; null after a single iteration.</summary>
    public double? PerSecond { get; init; }

    public TimeSpan? TimeLeft { get; init; }
    public required LearningRates Rates { get; init; }

    /// <summary>Whether there are networks that learn at the adversarial rate.</summary>
    public bool HasAdversaries { get; init; }

    public required IReadOnlyList<LossState> Losses { get; init; }
}

/// <summary>A loss: its value in the last iteration, its running mean, and means over equal spans of the stage.</summary>
internal sealed record LossState(string Name, double Latest, double Mean, IReadOnlyList<double> Course);
