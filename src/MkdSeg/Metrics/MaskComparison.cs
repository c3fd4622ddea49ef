using MkdSeg.Datasets;
using MkdSeg.IO;

namespace MkdSeg.Metrics;

/// <summary>Compares the masks of two folders.</summary>
/// <param name="Table">Dice of every case that could be compared; its cases contain the surface metrics.</param>
/// <param name="OnlyPredicted">Cases found only in the folder of predictions.</param>
/// <param name="OnlyReference">Cases found only in the folder of annotations.</param>
public sealed record MaskComparison(
    ScoreTable Table, IReadOnlyList<string> OnlyPredicted, IReadOnlyList<string> OnlyReference)
{
    /// <summary>Remarks about compared cases, one sentence each, starting with the case name.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why cases found in both folders could not be compared, one sentence each, starting with the case name.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>
    /// Compares masks with the same case name: the file name without its extension and without "_image", "_label", "_mask" or
    /// "_seg"; Unicode normalisation does not matter. In the folder of annotations, files named as images are ignored. A case
    /// that cannot be compared is added to <see cref="Failures"/>; the others are still compared.
    /// </summary>
    /// <param name="predictedFolder">Predicted masks.</param>
    /// <param name="referenceFolder">Annotations.</param>
    /// <param name="labels">The meaning of the files' values.</param>
    /// <param name="surfaceToleranceMm">
    /// Tolerance of surface Dice, mm, to compute the surface metrics as well; null to omit them.
    /// </param>
    /// <param name="progress">Notified before each case is read.</param>
    /// <param name="cancellation">Checked between cases.</param>
    /// <exception cref="UserErrorException">The folders have no case in common, or no case can be compared.</exception>
    public static MaskComparison OfFolders(
        string predictedFolder,
        string referenceFolder,
        LabelSet labels,
        double? surfaceToleranceMm = null,
        IProgress<WorkEvent>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var predicted = Masks(predictedFolder, skipImages: false);
        var reference = Masks(referenceFolder, skipImages: true);
        string[] common = [.. predicted.Keys.Where(reference.ContainsKey).Order(StringComparer.Ordinal)];
        if (common.Length == 0)
        {
            throw new UserErrorException(
                $"The folders {predictedFolder} and {referenceFolder} have no case in common ("
                + $"'{Names(predicted, [])[0]}' … against '{Names(reference, [])[0]}' …); give the masks of a case "
                + "the same name.");
        }

        var (cases, warnings, failures) = (new List<SegmentationScores>(), new List<string>(), new List<string>());
        foreach (var key in common)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = NameOf(reference[key]);
            progress?.Report(new WorkProgress(cases.Count + failures.Count, common.Length, name));
            try
            {
                cases.Add(Compare(Single(predicted[key]), Single(reference[key]), labels, surfaceToleranceMm, warnings));
            }
            catch (UserErrorException error)
            {
                failures.Add($"{name}: {error.Message}");
            }
        }

        return cases.Count == 0
            ? throw new UserErrorException(string.Join('\n', failures))
            : new(new ScoreTable(labels, cases), Names(predicted, common), Names(reference, common))
            {
                Warnings = warnings,
                Failures = failures,
            };
    }

    /// <summary>Compares the masks of one case, named after the annotation file.</summary>
    /// <param name="predictedPath">The predicted mask.</param>
    /// <param name="referencePath">The annotation.</param>
    /// <param name="labels">The meaning of the files' values.</param>
    /// <param name="surfaceToleranceMm">
    /// Tolerance of surface Dice, mm, to compute the surface metrics as well; null to omit them.
    /// </param>
    /// <param name="warnings">Receives remarks about the case, one sentence each; may be null.</param>
    /// <exception cref="UserErrorException">The grids differ, or a file cannot be read.</exception>
    public static SegmentationScores Compare(
        string predictedPath,
        string referencePath,
        LabelSet labels,
        double? surfaceToleranceMm = null,
        ICollection<string>? warnings = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var predicted = labels.ToClasses(VolumeFile.ReadLabels(predictedPath), predictedPath);
        var reference = labels.ToClasses(VolumeFile.ReadLabels(referencePath), referencePath);
        var name = VolumeListing.CaseName(referencePath);
        var difference = GridDifference.Between(reference.Grid, predicted.Grid);
        if (difference is not { IsTolerable: true })
        {
            throw new UserErrorException(
                $"{predictedPath} and {referencePath} lie on different grids: {GridDifference.Describe(predicted.Grid)} "
                + $"and {GridDifference.Describe(reference.Grid)}; write the predicted mask in the geometry of the image.");
        }

        if (!difference.Value.IsRounding)
        {
            warnings?.Add(
                $"{name}: the headers of prediction and annotation differ by {difference}; the annotation's header is used.");
        }

        if (!reference.Voxels.AsSpan().ContainsAnyExcept((byte)0))
            warnings?.Add($"{name}: the annotation {referencePath} has no labelled voxel.");
        return SegmentationScores.Compare(name, predicted, reference, labels.ClassCount, surfaceToleranceMm);
    }

    private static Dictionary<string, List<string>> Masks(string folder, bool skipImages)
    {
        var masks = VolumeListing.Find(folder)
            .Where(path =>
                !skipImages || !VolumeListing.Stem(path).EndsWith("_image", StringComparison.OrdinalIgnoreCase))
            .GroupBy(VolumeListing.CaseName)
            .ToDictionary(paths => paths.Key, paths => paths.ToList(), StringComparer.Ordinal);
        return masks.Count > 0
            ? masks
            : throw new UserErrorException($"The folder {folder} contains only images; name a folder that contains masks.");
    }

    private static string Single(List<string> paths) => paths.Count == 1
        ? paths[0]
        : throw new UserErrorException($"{string.Join(" and ", paths)} belong to the same case; keep one of them.");

    private static string NameOf(List<string> paths) => VolumeListing.CaseName(paths[0]);

    private static IReadOnlyList<string> Names(Dictionary<string, List<string>> masks, IEnumerable<string> except) =>
        [.. masks.Where(pair => !except.Contains(pair.Key)).Select(pair => NameOf(pair.Value)).Order(StringComparer.Ordinal)];
}
