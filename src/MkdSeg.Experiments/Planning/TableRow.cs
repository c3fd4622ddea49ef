namespace MkdSeg.Experiments.Planning;

/// <summary>A row of a table: a method, and which of its segmentors is looked at.</summary>
/// <param name="Name">What the table calls it.</param>
/// <param name="Method">The method's name.</param>
public sealed record TableRow(string Name, string Method)
{
    /// <summary>The method that is trained for it, where that is another one.</summary>
    public string TrainedMethod { get; init; } = Method;

    /// <summary>Which masks of the run the row shows.</summary>
    public RowMember Member { get; init; } = RowMember.Ensemble;

    /// <summary>Assistant volumes that are trained with; null for all.</summary>
    public int? AssistantVolumes { get; init; }
}

/// <summary>Which of a run's masks are meant.</summary>
public enum RowMember
{
    /// <summary>Those of all segmentors together; of the only one where there is one.</summary>
    Ensemble,

    /// <summary>Those of the bundle's first segmentor.</summary>
    First,

    /// <summary>Those of S_syn.</summary>
    SSyn,

    /// <summary>Those of S_real.</summary>
    SReal,
}
