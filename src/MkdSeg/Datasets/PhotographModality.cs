using System.ComponentModel;

namespace MkdSeg.Datasets;

/// <summary>One kind of photographs of a data set, such as those of one camera or one game.</summary>
public sealed record PhotographModality
{
    /// <summary>What it is, in words.</summary>
    [Description("What it is, in words.")]
    public string? Description { get; init; }

    /// <summary>Where its files lie.</summary>
    [Description("Where its files lie.")]
    public required IReadOnlyList<PhotographFolder> Folders { get; init; }
}
