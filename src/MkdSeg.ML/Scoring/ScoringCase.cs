using System.Text.Json.Serialization;
using MkdSeg.IO.Dicom;
using MkdSeg.IO;

namespace MkdSeg.ML.Scoring;

/// <summary>One volume to score.</summary>
/// <param name="Name">Name of its output files and of its row in the results.</param>
/// <param name="Path">The volume's file.</param>
/// <param name="LabelPath">The annotation's file; only the crop rule Label needs it.</param>
public sealed record ScoringCase(string Name, string Path, string? LabelPath = null)
{
    /// <summary>Why the case is left out, one sentence; null if it is to be scored.</summary>
    [JsonIgnore]
    public string? LeftOutReason { get; init; }

    /// <summary>A known problem that prevents scoring, one sentence; null if there is none.</summary>
    [JsonIgnore]
    internal string? Problem { get; init; }

    /// <summary>Doubts about the volume raised when it was found.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The files of a DICOM series; empty for a single-file volume.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> SeriesFiles { get; init; } = [];

    /// <summary>
    /// Creates a case from a volume found in a folder. Files named as annotations, and DICOM series that are not scans or whose
    /// modality is not the model's, are left out.
    /// </summary>
    /// <param name="found">The volume found.</param>
    /// <param name="modality">The model's modality, such as "ct"; one unknown to DICOM leaves nothing out.</param>
    public static ScoringCase FromListed(ListedVolume found, string modality)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(modality);
        var isOther = found.Series is { } series
            && modality.ToUpperInvariant() is ("CT" or "MR")
            && !series.Modality.Equals(modality, StringComparison.OrdinalIgnoreCase);
        return new(found.Name, found.Path)
        {
            Problem = found.Series?.Problem,
            Warnings = found.Series?.Warnings ?? [],
            SeriesFiles = found.Series?.Files ?? [],
            LeftOutReason =
                found.Series is { Kind: DicomSeriesKind.NoScan } ? found.Series.Problem
                : isOther
                    ? $"Series '{found.Series!.Description}' ('{found.Series.Files[0]}') has modality "
                        + $"{found.Series.Modality}, but the model expects {modality.ToUpperInvariant()}."
                : found.Series is null ? AnnotationReason(found.Path)
                : null,
        };
    }

    /// <summary>Creates a case named after its file; it is left out if the name marks an annotation.</summary>
    /// <param name="path">The volume's file.</param>
    public static ScoringCase FromFile(string path) =>
        new(VolumeListing.Stem(path), path) { LeftOutReason = AnnotationReason(path) };

    /// <summary>Pairs cases with the annotations next to them, matched by name as in an evaluation.</summary>
    /// <param name="cases">Cases found in a folder, including annotations that are left out.</param>
    /// <param name="folder">The folder, for the message.</param>
    /// <exception cref="UserErrorException">No case has an annotation.</exception>
    internal static IReadOnlyList<ScoringCase> WithAnnotations(IReadOnlyList<ScoringCase> cases, string folder)
    {
        var annotations = cases.Where(item => item.SeriesFiles.Count == 0 && VolumeListing.IsAnnotation(item.Path))
            .GroupBy(item => Key(item.Path))
            .ToDictionary(group => group.Key, group => group.First().Path);
        ScoringCase[] paired =
        [
            .. cases.Select(item => item.LeftOutReason is null && annotations.TryGetValue(Key(item.Path), out var path)
                ? item with { LabelPath = path }
                : item),
        ];
        return paired.Any(item => item.LabelPath is not null)
            ? paired
            : throw new UserErrorException(
                $"The crop rule Label needs annotations beside the volumes, such as ct_1_label.nii.gz beside "
                + $"ct_1_image.nii.gz, but {folder} contains none; use the crop rule Located.");

        static string Key(string path) =>
            System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", VolumeListing.CaseName(path));
    }

    /// <summary>Returns whether a file is this case's file or part of its series.</summary>
    internal bool IsFile(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return SeriesFiles.Prepend(Path).Any(file => System.IO.Path.GetFullPath(file) == full);
    }

    private static string? AnnotationReason(string path) =>
        VolumeListing.IsAnnotation(path) ? "The file name marks it as an annotation." : null;
}
