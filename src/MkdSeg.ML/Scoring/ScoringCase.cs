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
    /// <summary>Why it is not to be scored, one sentence; null where it is.</summary>
    [JsonIgnore]
    public string? LeftOutReason { get; init; }

    /// <summary>What is known to keep it from being scored, one sentence; null where nothing is.</summary>
    [JsonIgnore]
    internal string? Problem { get; init; }

    /// <summary>Doubts about the volume that came up when it was found.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The files of a DICOM series; empty for a volume that is a file.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> SeriesFiles { get; init; } = [];

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
            Problem = found.Series?.Problem,
            Warnings = found.Series?.Warnings ?? [],
            SeriesFiles = found.Series?.Files ?? [],
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

    /// <summary>Cases with the annotations that lie beside them, found by name as for an evaluation.</summary>
    /// <param name="cases">Cases found in a folder, annotations left out among them.</param>
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
                + $"ct_1_image.nii.gz, and there is none in {folder}; use the crop rule Located.");

        static string Key(string path) =>
            System.IO.Path.Combine(System.IO.Path.GetDirectoryName(path) ?? "", VolumeListing.CaseName(path));
    }

    /// <summary>Whether a file is this case's, or one of its series.</summary>
    internal bool IsFile(string path)
    {
        var full = System.IO.Path.GetFullPath(path);
        return SeriesFiles.Prepend(Path).Any(file => System.IO.Path.GetFullPath(file) == full);
    }

    private static string? AnnotationReason(string path) =>
        VolumeListing.IsAnnotation(path) ? "The file's name says that it holds an annotation." : null;
}
