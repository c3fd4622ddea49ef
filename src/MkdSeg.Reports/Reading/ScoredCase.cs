namespace MkdSeg.Reports.Reading;

/// <summary>A case that a model was run on, named without "_image".</summary>
internal sealed record ScoredCase(string Id)
{
    public string? Image { get; init; }
    public string? Truth { get; init; }

    /// <summary>The reason why there is no mask; empty if there is one.</summary>
    public string Failure { get; init; } = "";

    /// <summary>Returns the cases of the results, or of the masks if there are no results.</summary>
    public static IReadOnlyList<ScoredCase> Find(ReportSources sources, string? truthFolder)
    {
        if (sources.Masks is not { } masks)
            return [];
        if (sources.Results is not { } results)
        {
            return
            [
                .. Directory.EnumerateFiles(masks).Where(VolumeListing.IsVolume).Select(VolumeListing.CaseName)
                    .Distinct().Order(StringComparer.Ordinal).Select(id => Locate(id, null)),
            ];
        }

        return
        [
            .. results.Rows.Where(row => results.Field(row, "status") != "left out").Select(row =>
            {
                var located = Locate(CaseId(results.Field(row, "case")), results.Field(row, "file"));
                return results.Field(row, "status") == "failed"
                    ? located with { Failure = results.Field(row, "reason") }
                    : located;
            }),
        ];

        ScoredCase Locate(string id, string? image)
        {
            var entry = Entry(sources.Manifest, id, image);
            image = Path.Exists(image) ? image : entry is null ? null : sources.Manifest!.ImagePath(entry);
            var truth = truthFolder is not null ? Annotation(truthFolder, id)
                : entry?.Label is not null ? sources.Manifest!.LabelPath(entry)
                : image is not null ? Annotation(Path.GetDirectoryName(image)!, id)
                : null;
            return new(id)
            {
                Image = Path.Exists(image) ? image : null,
                Truth = Path.Exists(truth) ? truth : null,
            };
        }
    }

    /// <summary>Returns a case name of results.csv without "_image".</summary>
    public static string CaseId(string name) => VolumeListing.CaseName(name + ".nii.gz");

    private static CaseEntry? Entry(VolumeManifest? manifest, string id, string? image) =>
        manifest?.Cases.FirstOrDefault(entry =>
            entry.Id == id || (image is { Length: > 0 } && manifest.ImagePath(entry) == Path.GetFullPath(image)));

    private static string? Annotation(string folder, string id) => !Directory.Exists(folder)
        ? null
        : Directory.EnumerateFiles(folder)
            .Where(path => VolumeListing.IsVolume(path) && VolumeListing.CaseName(path) == id)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault(path => VolumeListing.IsAnnotation(path))
        ?? (File.Exists(Path.Combine(folder, $"{id}.nii.gz")) ? Path.Combine(folder, $"{id}.nii.gz") : null);
}
