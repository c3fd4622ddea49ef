using MkdSeg.Datasets;
using MkdSeg.IO;

namespace MkdSeg.Metrics;

/// <summary>Compares label images of photographs with those of a data set.</summary>
internal sealed record PhotographComparison(ScoreTable Table, IReadOnlyList<string> OnlyReference)
{
    /// <summary>Compares the label images that were written by scoring the data set or part of it.</summary>
    public static PhotographComparison OfFolder(
        string predictedFolder, PhotographManifest manifest, CancellationToken cancellation = default)
    {
        var all = manifest.Modalities.Keys.SelectMany(modality => manifest.CasesOf(modality)).ToList();
        var predicted = Match(predictedFolder, all, manifest);
        var reader = new PhotographReader(manifest);
        var labels = manifest.LabelSet;
        var overall = new ClassOverlap(labels.ClassCount);
        var cases = new List<SegmentationScores>(predicted.Count);
        foreach (var (entry, path) in predicted)
        {
            cancellation.ThrowIfCancellationRequested();
            var overlap = Compare(path, entry, reader, labels);
            overall.Add(overlap);
            cases.Add(SegmentationScores.Of(entry.Id, overlap));
        }

        var scored = predicted.Select(pair => pair.Entry).ToHashSet();
        var parts = scored.Select(entry => (entry.Modality, entry.Split)).ToHashSet();
        return new(
            new(labels, cases) { Overall = SegmentationScores.Of("all pixels", overall) },
            [.. all.Where(entry => parts.Contains((entry.Modality, entry.Split)) && !scored.Contains(entry))
                .Select(entry => entry.Id)]);
    }

    private static List<(PhotographCase Entry, string Path)> Match(
        string folder, List<PhotographCase> cases, PhotographManifest manifest)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"The folder {folder} does not exist; name a folder that contains label images.");
        var byName = cases.ToLookup(entry => Path.GetFileName(entry.ImagePath), StringComparer.Ordinal);
        var matched = new List<(PhotographCase, string)>();
        foreach (var path in Directory.EnumerateFiles(folder, "*.png", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            var end = Path.DirectorySeparatorChar + Path.GetRelativePath(folder, path);
            var found = byName[Path.GetFileName(path)]
                .Where(entry => Path.GetFullPath(entry.ImagePath).EndsWith(end, StringComparison.Ordinal))
                .ToList();
            if (found.Count > 1)
            {
                throw new UserErrorException(
                    $"{path} could belong to {found[0].ImagePath} or {found[1].ImagePath}; keep the photographs' "
                    + "parent folders in its path.");
            }

            matched.AddRange(found.Select(entry => (entry, path)));
        }

        return matched.Count > 0
            ? matched
            : throw new UserErrorException(
                $"No label image in {folder} has the name of a photograph of {manifest.Name} below {manifest.DataRoot}; "
                + "name a folder written by scoring it.");
    }

    private static ClassOverlap Compare(string path, PhotographCase entry, PhotographReader reader, LabelSet labels)
    {
        var reference = reader.ReadClasses(entry);
        var (values, coloured) = PhotographFile.ReadLabels(path);
        if (coloured)
            throw new UserErrorException($"{path} contains colours; an image of label values is expected, as written by score.");
        if (values.Grid.Size != reference.Grid.Size)
        {
            throw new UserErrorException(
                $"{path} has {values.Grid.Size.X}×{values.Grid.Size.Y} pixels, {entry.LabelPath} "
                + $"{reference.Grid.Size.X}×{reference.Grid.Size.Y}; they must be the same size.");
        }

        var predicted = labels.ToClasses(
            new Volume<ushort>(values.Grid, Array.ConvertAll(values.Voxels, value => (ushort)value)), path);
        var overlap = new ClassOverlap(labels.ClassCount);
        overlap.Add(predicted, reference);
        return overlap;
    }
}
