namespace MkdSeg.Experiments.Running;

/// <summary>Where a run stands.</summary>
/// <param name="Fraction">How much of it is done, 0 to 1.</param>
/// <param name="Detail">What it is doing.</param>
public readonly record struct RunProgress(double Fraction, string Detail);

/// <summary>Told by a run how it goes.</summary>
public interface IRunObserver
{
    /// <summary>A sentence for the log.</summary>
    void Say(string message);

    /// <summary>The run has come further.</summary>
    void Report(RunProgress progress);
}
