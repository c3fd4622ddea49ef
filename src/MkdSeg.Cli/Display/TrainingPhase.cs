namespace MkdSeg.Cli.Display;

/// <summary>Whether a training goes on.</summary>
internal enum TrainingPhase
{
    /// <summary>It does.</summary>
    Running,

    /// <summary>It was told to stop and ends its iteration.</summary>
    Stopping,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>It was stopped before.</summary>
    Stopped,

    /// <summary>It broke down.</summary>
    Failed,
}
