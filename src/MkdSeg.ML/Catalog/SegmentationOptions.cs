using System.Text.Json.Serialization;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Catalog;

/// <summary>Options for creating a pipeline from a bundle: the names of its input columns, and what the segmenter does.</summary>
public sealed record SegmentationOptions : HeartSegmenterOptions
{
    /// <summary>The text column with the volume's path; null if the data already has a <see cref="VolumeColumnName"/>.</summary>
    public string? PathColumnName { get; init; } = SegmentationColumns.Path;

    /// <summary>
    /// The text column with the volume's name in messages; null for its path, or "the volume" if there is none.
    /// </summary>
    public string? NameColumnName { get; init; }

    /// <summary>The column that contains, or will contain, the volume as it was read.</summary>
    public string VolumeColumnName { get; init; } = SegmentationColumns.Volume;

    /// <summary>For the rule <see cref="CropRule.Label"/>: the column of label maps with the annotation.</summary>
    public string LabelColumnName { get; init; } = SegmentationColumns.Label;

    /// <summary>The column with the volume's name in messages; null for none.</summary>
    [JsonIgnore]
    internal string? MessageColumnName => NameColumnName ?? PathColumnName;
}
