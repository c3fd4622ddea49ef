using MkdSeg.Common;
using MkdSeg.Datasets;
using MkdSeg.IO;
using MkdSeg.Volumes;

namespace MkdSeg.Metrics;

/// <summary>Compares the masks of two folders.</summary>
/// <param name="Table">Dice of every case that both folders have; its cases hold the surface metrics.</param>
/// <param name="OnlyPredicted">Cases that only the folder of predictions has.</param>
/// <param name="OnlyReference">Cases that only the folder of annotations has.</param>
public sealed record MaskComparison(
    ScoreTable Table, IReadOnlyList<string> OnlyPredicted, IReadOnlyList<string> OnlyReference)
{
    private const double ToleranceMm = 1e-2;

    /// <summary>
    /// Compares masks of the same case name: the file's name without ending and without "_image", "_label", "_mask" or
    /// "_seg". In the folder of annotations, files named as images are passed over.
    /// </summary>
    /// <param name="predictedFolder">Predicted masks.</param>
    /// <param name="referenceFolder">Annotations.</param>
    /// <param name="labels">What the files' values mean.</param>
    /// <param name="surfaceToleranceMm">
    /// Computes the surface metrics as well, surface Dice at this tolerance in mm; null: without them.
    /// </param>
    /// <param name="progress">Told the name of each case before it is read.</param>
    /// <param name="cancellation">Looked at between cases.</param>
    /// <exception cref="UserErrorException">
    /// No case in common, two files of one case, grids that differ, or a file that cannot be read.
    /// </exception>
    public static MaskComparison OfFolders(
        string predictedFolder,
        string referenceFolder,
        LabelSet labels,
        double? surfaceToleranceMm = null,
        IProgress<string>? progress = null,
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
                + $"'{predicted.Keys.Order(StringComparer.Ordinal).First()}' … against "
                + $"'{reference.Keys.Order(StringComparer.Ordinal).First()}' …); name the masks of a case alike.");
        }

        var cases = new List<SegmentationScores>(common.Length);
        foreach (var name in common)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(name);
            cases.Add(Compare(predicted[name], reference[name], labels, surfaceToleranceMm));
        }

        return new(
            new ScoreTable(labels, cases),
            [.. predicted.Keys.Except(common).Order(StringComparer.Ordinal)],
            [.. reference.Keys.Except(common).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Compares the masks of one case, which gets its name from the annotation's file.</summary>
    /// <param name="predictedPath">The predicted mask.</param>
    /// <param name="referencePath">The annotation.</param>
    /// <param name="labels">What the files' values mean.</param>
    /// <param name="surfaceToleranceMm">
    /// Computes the surface metrics as well, surface Dice at this tolerance in mm; null: without them.
    /// </param>
    /// <exception cref="UserErrorException">Grids that differ, or a file that cannot be read.</exception>
    public static SegmentationScores Compare(
        string predictedPath, string referencePath, LabelSet labels, double? surfaceToleranceMm = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        var predicted = labels.ToClasses(VolumeFile.ReadLabels(predictedPath), predictedPath);
        var reference = labels.ToClasses(VolumeFile.ReadLabels(referencePath), referencePath);
        if (predicted.Grid.Size != reference.Grid.Size || Distance(predicted.Grid, reference.Grid) > ToleranceMm)
        {
            throw new UserErrorException(
                $"{predictedPath} ({Describe(predicted.Grid)}) and {referencePath} ({Describe(reference.Grid)}) lie on "
                + "different grids; write the predicted mask in the geometry of the image.");
        }

        return SegmentationScores.Compare(
            VolumeListing.CaseName(referencePath), predicted, reference, labels.ClassCount, surfaceToleranceMm);
    }

    private static Dictionary<string, string> Masks(string folder, bool skipImages)
    {
        var masks = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in VolumeListing.Find(folder))
        {
            if (skipImages && VolumeListing.Stem(path).EndsWith("_image", StringComparison.OrdinalIgnoreCase))
                continue;
            if (!masks.TryAdd(VolumeListing.CaseName(path), path))
            {
                throw new UserErrorException(
                    $"{path} and {masks[VolumeListing.CaseName(path)]} belong to the same case; keep one of them.");
            }
        }

        return masks.Count > 0
            ? masks
            : throw new UserErrorException($"The folder {folder} holds images only; name one that holds masks.");
    }

    /// <summary>The greatest distance between corresponding corners, mm.</summary>
    private static double Distance(Grid a, Grid b)
    {
        var distance = 0.0;
        for (var corner = 0; corner < 8; corner++)
        {
            var index = new Vector3D(
                (corner & 1) * (a.Size.X - 1), (corner >> 1 & 1) * (a.Size.Y - 1), (corner >> 2) * (a.Size.Z - 1));
            distance = Math.Max(distance, (a.ToPoint(index) - b.ToPoint(index)).Length);
        }

        return distance;
    }

    private static string Describe(Grid grid) =>
        $"{grid.Size} voxels, origin {grid.OriginMm.X:f2}, {grid.OriginMm.Y:f2}, {grid.OriginMm.Z:f2} mm";
}
