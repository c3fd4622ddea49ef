using MkdSeg.Datasets;
using MkdSeg.IO;

namespace MkdSeg.Metrics;

/// <summary>Compares the masks of two folders.</summary>
/// <param name="Table">Dice of every case that could be compared; its cases hold the surface metrics.</param>
/// <param name="OnlyPredicted">Cases that only the folder of predictions has.</param>
/// <param name="OnlyReference">Cases that only the folder of annotations has.</param>
public sealed record MaskComparison(
    ScoreTable Table, IReadOnlyList<string> OnlyPredicted, IReadOnlyList<string> OnlyReference)
{
    /// <summary>Remarks about compared cases, one sentence each that begins with the case.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Why cases that both folders have could not be compared, one sentence each that begins with the case.</summary>
    public IReadOnlyList<string> Failures { get; init; } = [];

    /// <summary>
    /// Compares masks of the same case name: the file's name without extension and without "_image", "_label", "_mask" or
    /// "_seg"; Unicode normalisation does not matter. In the folder of annotations, files named as images are ignored. A
    /// case that cannot be compared becomes one of <see cref="Failures"/>; the others are compared all the same.
    /// </summary>
    /// <param name="predictedFolder">Predicted masks.</param>
    /// <param name="referenceFolder">Annotations.</param>
    /// <param name="labels">What the files' values mean.</param>
    /// <param name="surfaceToleranceMm">
    /// Tolerance of surface Dice, mm, to compute the surface metrics too; null to leave them out.
    /// </param>
    /// <param name="progress">Told before each case is read.</param>
    /// <param name="cancellation">Checked between cases.</param>
    /// <exception cref="UserErrorException">No case in common, or none that can be compared.</exception>
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

    /// <summary>Compares the masks of one case, which gets its name from the annotation's file.</summary>
    /// <param name="predictedPath">The predicted mask.</param>
    /// <param name="referencePath">The annotation.</param>
    /// <param name="labels">What the files' values mean.</param>
    /// <param name="surfaceToleranceMm">
    /// Tolerance of surface Dice, mm, to compute the surface metrics too; null to leave them out.
    /// </param>
    /// <param name="warnings">Receives remarks about the case, one sentence each; may be null.</param>
    /// <exception cref="UserErrorException">Grids that differ, or a file that cannot be read.</exception>
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
                + $"against {GridDifference.Describe(reference.Grid)}; write the predicted mask in the geometry of the image.");
        }

        if (!difference.Value.IsRounding)
        {
            warnings?.Add(
                $"{name}: the headers of prediction and annotation disagree by {difference}; the annotation's is used.");
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
            : throw new UserErrorException($"The folder {folder} holds images only; name one that holds masks.");
    }

    private static string Single(List<string> paths) => paths.Count == 1
        ? paths[0]
        : throw new UserErrorException($"{string.Join(" and ", paths)} belong to the same case; keep one of them.");

    private static string NameOf(List<string> paths) => VolumeListing.CaseName(paths[0]);

    private static IReadOnlyList<string> Names(Dictionary<string, List<string>> masks, IEnumerable<string> except) =>
        [.. masks.Where(pair => !except.Contains(pair.Key)).Select(pair => NameOf(pair.Value)).Order(StringComparer.Ordinal)];
}
