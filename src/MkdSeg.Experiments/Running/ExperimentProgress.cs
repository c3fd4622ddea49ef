using MkdSeg.Experiments.Planning;

namespace MkdSeg.Experiments.Running;

/// <summary>Shows an experiment as it goes.</summary>
public interface IExperimentProgress
{
    /// <summary>A sentence about a run.</summary>
    void Say(string message);

    /// <summary>Where the experiment stands.</summary>
    void Report(ExperimentStatus status);
}

/// <summary>Where an experiment stands.</summary>
/// <param name="Finished">Runs that are finished, those of earlier calls included.</param>
/// <param name="Runs">All runs.</param>
/// <param name="Fraction">How much of the work of this call is done, 0 to 1.</param>
/// <param name="TimeLeft">How long the rest takes, as the same methods took so far; null while unknown.</param>
/// <param name="Detail">What the runs at hand are doing.</param>
public sealed record ExperimentStatus(int Finished, int Runs, double Fraction, TimeSpan? TimeLeft, string Detail);

/// <summary>What became of the runs.</summary>
/// <param name="Finished">Runs that were finished now.</param>
/// <param name="FinishedBefore">Runs that had been finished before and were not repeated.</param>
/// <param name="Failed">Runs that failed, and why.</param>
/// <param name="Skipped">Runs that another process is doing.</param>
public sealed record ExperimentSummary(
    IReadOnlyList<RunSpecification> Finished,
    IReadOnlyList<RunSpecification> FinishedBefore,
    IReadOnlyList<(RunSpecification Run, string Reason)> Failed,
    IReadOnlyList<RunSpecification> Skipped);
