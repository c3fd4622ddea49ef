using System.ComponentModel;
using MkdSeg.Preprocessing;

namespace MkdSeg.Datasets;

/// <summary>One kind of images of a data set.</summary>
public sealed record ModalityEntry
{
    /// <summary>What it is, in words.</summary>
    [Description("What it is, in words.")]
    public string? Description { get; init; }

    /// <summary>The folders, relative to the data root, in which its files are looked for, in this order.</summary>
    [Description("Folders, relative to the data root, in which its files are looked for, in this order.")]
    public IReadOnlyList<string> Folders { get; init; } = ["."];

    /// <summary>The intensities that map to [-1, 1].</summary>
    [Description("The intensities that map linearly to [-1, 1].")]
    public required IntensityWindow Window { get; init; }
}
