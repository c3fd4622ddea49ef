using System.ComponentModel;

namespace MkdSeg.Datasets;

/// <summary>One volume of a data set and its annotation.</summary>
public sealed record CaseEntry
{
    /// <summary>Name of the case, unique in the data set.</summary>
    [Description("Name of the case, unique in the data set.")]
    public required string Id { get; init; }

    /// <summary>Its modality, a key of the manifest's modalities.</summary>
    [Description("Its modality, a key of the manifest's modalities.")]
    public required string Modality { get; init; }

    /// <summary>Path of the volume below one of the modality's folders: a file, or a folder with a DICOM series.</summary>
    [Description("Path of the volume below one of the modality's folders: a file, or a folder with a DICOM series.")]
    public required string Image { get; init; }

    /// <summary>Path of the annotation below one of the modality's folders; null where there is none.</summary>
    [Description("Path of the annotation below one of the modality's folders; absent where there is none.")]
    public string? Label { get; init; }

    /// <summary>SHA-256 of the volume's file, 64 lower-case hexadecimal digits.</summary>
    [Description("SHA-256 of the volume's file, 64 lower-case hexadecimal digits.")]
    public string? ImageSha256 { get; init; }

    /// <summary>SHA-256 of the annotation's file.</summary>
    [Description("SHA-256 of the annotation's file, 64 lower-case hexadecimal digits.")]
    public string? LabelSha256 { get; init; }

    /// <summary>The part of the data set it belongs to, such as "train" or "test".</summary>
    [Description("The part of the data set it belongs to, such as train or test.")]
    public string? Split { get; init; }

    /// <summary>The fold of cross-validation in which it is tested; null where it is in every training set.</summary>
    [Description("The fold of cross-validation in which it is tested; absent where it is in every training set.")]
    public int? Fold { get; init; }

    /// <summary>Label values of this file that mean nothing and become background, with a warning.</summary>
    [Description("Known trouble: label values of this file that mean nothing and become background, with a warning.")]
    public IReadOnlyList<ushort> IgnoredLabelValues { get; init; } = [];

    /// <summary>
    /// Labels this close to a face of the volume are artefacts and become background, with a warning.
    /// </summary>
    [Description("Known trouble: labels in this many voxels at each face of the volume are artefacts and become "
        + "background, with a warning.")]
    public int IgnoredLabelBorderVoxels { get; init; }

    /// <summary>What a reader should know about it.</summary>
    [Description("What a reader should know about it.")]
    public string? Note { get; init; }
}
