namespace MkdSeg.Reports.Reading;

/// <summary>The mask folders: first those of compared models, then those of single segmentors, last the model's own.</summary>
internal sealed record MaskSet(IReadOnlyList<(string Name, string Folder)> Folders)
{
    public (string Name, string Folder) Main => Folders[^1];

    public IEnumerable<(string Name, string Folder)> Members => Folders.Where(item => NetworkRoles.IsSegmentor(item.Name));

    /// <summary>Returns the first folders; those of compared models come first.</summary>
    public MaskSet Take(int count) => new([.. Folders.Take(count)]);

    public static MaskSet? Find(ReportSources sources, IReadOnlyList<(string Name, string Folder)> compared)
    {
        if (sources.Masks is not { } masks)
            return null;
        foreach (var (name, folder) in compared)
        {
            if (!Directory.Exists(folder))
                throw new UserErrorException($"There is no folder {folder} with the masks of {name}; check the path.");
        }

        // S_syn before S_real, as in the bundle.
        var order = sources.Bundle?.Segmentors.Select(network => network.Role).ToList() ?? [];
        var members = Directory.EnumerateDirectories(masks)
            .Select(folder => (Name: Path.GetFileName(folder), Folder: folder))
            .Where(item => NetworkRoles.IsSegmentor(item.Name))
            .OrderBy(item => order.IndexOf(item.Name)).ThenBy(item => item.Name, StringComparer.Ordinal)
            .ToList();
        var main = members.Count > 1 || order.Count > 1 ? "Ensemble" : order.FirstOrDefault() ?? sources.Name;
        return new([.. compared, .. members.Where(item => item.Name != main), (main, masks)]);
    }

    /// <summary>Compares all masks with the annotations, and records comparisons that are not possible.</summary>
    public IReadOnlyList<PredictionScores> Compare(
        IReadOnlyList<ScoredCase> cases, ReportSources sources, ICollection<string> leftOut, CancellationToken cancellation)
    {
        var predictions = new List<PredictionScores>();
        foreach (var (name, folder) in Folders)
        {
            var scores = new List<SegmentationScores>();
            foreach (var item in cases.Where(item => item.Truth is not null))
            {
                cancellation.ThrowIfCancellationRequested();
                if (ReportSources.MaskOf(folder, item.Id) is not { } mask)
                    continue;
                try
                {
                    scores.Add(MaskComparison.Compare(mask, item.Truth!, sources.Labels) with { CaseId = item.Id });
                }
                catch (UserErrorException error)
                {
                    leftOut.Add($"{name}, {item.Id}: no Dice. {error.Message}");
                }
            }

            if (scores.Count > 0)
                predictions.Add(new(name, scores));
        }

        return predictions;
    }
}
