using MkdSeg.Training.Methods;
using MkdSeg.Training.Running;

namespace MkdSeg.Cli.Display;

/// <summary>A training at one moment, as it is shown.</summary>
internal sealed record TrainingState
{
    /// <summary>What is trained.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it still goes on.</summary>
    public required TrainingPhase Phase { get; init; }

    /// <summary>Time since the beginning.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The last iteration; null before the first.</summary>
    public TrainingAdvance? Advance { get; init; }

    /// <summary>The last validation; null before the first.</summary>
    public ValidationState? Validation { get; init; }

    /// <summary>The iteration of the last checkpoint; null before the first.</summary>
    public long? SavedIteration { get; init; }
}

/// <summary>How far a training is.</summary>
internal sealed record TrainingAdvance
{
    /// <summary>The method's stage; null where it has a single one.</summary>
    public string? Stage { get; init; }

    /// <summary>Iterations done.</summary>
    public required long Iteration { get; init; }

    /// <summary>Iterations to do.</summary>
    public required long Iterations { get; init; }

    /// <summary>The last iterations' speed; null where there was one alone.</summary>
    public double? PerSecond { get; init; }

    /// <summary>At that speed.</summary>
    public TimeSpan? TimeLeft { get; init; }

    /// <summary>The last iteration's learning rates.</summary>
    public required LearningRates Rates { get; init; }

    /// <summary>Whether there are networks that learn at the adversarial rate.</summary>
    public bool HasAdversaries { get; init; }

    /// <summary>The losses of the stage in the method's order.</summary>
    public required IReadOnlyList<LossState> Losses { get; init; }
}

/// <summary>A loss as it is shown.</summary>
/// <param name="Name">Its symbol in ASCII.</param>
/// <param name="Latest">Of the last iteration.</param>
/// <param name="Mean">The running mean.</param>
/// <param name="Course">Means over equal spans of the stage.</param>
internal sealed record LossState(string Name, double Latest, double Mean, IReadOnlyList<double> Course);

/// <summary>A validation as it is shown.</summary>
/// <param name="Iteration">Iterations done.</param>
/// <param name="Structures">Names of the structures.</param>
/// <param name="Scores">Of each segmentor, and of all together last.</param>
/// <param name="BestIteration">The iteration of the best validation so far.</param>
/// <param name="BestMean">Its mean Dice.</param>
internal sealed record ValidationState(
    long Iteration,
    IReadOnlyList<string> Structures,
    IReadOnlyList<ValidationScore> Scores,
    long BestIteration,
    double BestMean);
