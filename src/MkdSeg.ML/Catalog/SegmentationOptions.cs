using System.Text.Json.Serialization;
using MkdSeg.ML.Inference;

namespace MkdSeg.ML.Catalog;

/// <summary>How a bundle becomes a pipeline: the names of its input columns, and what the segmenter does.</summary>
public sealed record SegmentationOptions : HeartSegmenterOptions
{
    /// <summary>The text column with the volume's path; null where the data has a <see cref="VolumeColumnName"/> already.</summary>
    public string? PathColumnName { get; init; } = SegmentationColumns.Path;

    /// <summary>
    /// A text column with what messages call the volume; null takes its path, and "the volume" where there is none.
    /// </summary>
    public string? NameColumnName { get; init; }

    /// <summary>The column that holds, or will hold, the volume as it was read.</summary>
    public string VolumeColumnName { get; init; } = SegmentationColumns.Volume;

    /// <summary>For the rule <see cref="CropRule.Label"/>: the column of label maps with the annotation.</summary>
    public string LabelColumnName { get; init; } = SegmentationColumns.Label;

    /// <summary>The column that messages take the volume's name from; null for none.</summary>
    [JsonIgnore]
    internal string? MessageColumnName => NameColumnName ?? PathColumnName;
}
