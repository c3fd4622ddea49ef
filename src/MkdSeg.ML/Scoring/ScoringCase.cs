using MkdSeg.ML.Data;
using MkdSeg.Volumes.Dicom;

namespace MkdSeg.ML.Scoring;

/// <summary>One volume to score.</summary>
/// <param name="Name">Name of its output files and of its row in the results.</param>
/// <param name="Path">The volume's file.</param>
/// <param name="LabelPath">The annotation's file; only the crop rule Label needs it.</param>
public sealed record ScoringCase(string Name, string Path, string? LabelPath = null)
{
    /// <summary>Why it is not to be scored, one sentence; null where it is.</summary>
    public string? LeftOutReason { get; init; }

    /// <summary>
    /// A volume found in a folder. Left out are files named as annotations, and DICOM series that are no scan or of another
    /// modality than the model's.
    /// </summary>
    /// <param name="found">What was found.</param>
    /// <param name="modality">The model's modality, such as "ct"; one that DICOM does not know leaves nothing out.</param>
    public static ScoringCase FromListed(ListedVolume found, string modality)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(modality);
        var isOther = found.Series is { } series
            && modality.ToUpperInvariant() is ("CT" or "MR")
            && !series.Modality.Equals(modality, StringComparison.OrdinalIgnoreCase);
        return new(found.Name, found.Path)
        {
            LeftOutReason =
                found.Series is { Kind: DicomSeriesKind.NoScan } ? found.Series.Problem
                : isOther
                    ? $"Series '{found.Series!.Description}' ('{found.Series.Files[0]}') is of the modality "
                        + $"{found.Series.Modality}; the model takes {modality.ToUpperInvariant()}."
                : found.Series is null ? AnnotationReason(found.Path)
                : null,
        };
    }

    /// <summary>A case named after its file; left out where that name says that it is an annotation.</summary>
    /// <param name="path">The volume's file.</param>
    public static ScoringCase FromFile(string path) =>
        new(VolumeListing.Stem(path), path) { LeftOutReason = AnnotationReason(path) };

    private static string? AnnotationReason(string path) =>
        VolumeListing.IsAnnotation(path) ? "The file's name says that it holds an annotation." : null;
}
