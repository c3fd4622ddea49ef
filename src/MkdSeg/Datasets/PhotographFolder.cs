using System.ComponentModel;

namespace MkdSeg.Datasets;

/// <summary>Photographs and label images whose names follow a pattern.</summary>
public sealed record PhotographFolder
{
    /// <summary>The part of the data set they belong to, such as "train".</summary>
    [Description("The part of the data set they belong to, such as train or val.")]
    public string? Split { get; init; }

    /// <summary>Paths of the photographs below the data root; a star stands for any text without a slash.</summary>
    [Description("Paths of the photographs below the data root; each * stands for any text without a slash.")]
    public required string Images { get; init; }

    /// <summary>Paths of their label images: stars stand for what those of <see cref="Images"/> do.</summary>
    [Description("Paths of their label images: each * stands for what the * at its place in images stands for.")]
    public required string Labels { get; init; }
}
