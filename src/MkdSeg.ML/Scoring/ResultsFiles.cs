using System.Globalization;
using System.Text;
using MkdSeg.Metrics;
using MkdSeg.ML.Inference;
using MkdSeg.ML.Photographs;

namespace MkdSeg.ML.Scoring;

/// <summary>The results of a folder, or of one part of it, as stored in results.json.</summary>
internal sealed record ResultsDocument
{
    public int FormatVersion { get; init; } = 1;

    /// <summary>False if the run was stopped before its last case.</summary>
    public bool IsComplete { get; init; }

    /// <summary>Versions of the program and its engines.</summary>
    public IReadOnlyDictionary<string, string> Versions { get; init; } = new Dictionary<string, string>();

    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    /// <summary>Null for photographs, which have no settings.</summary>
    public ScoringSettings? Settings { get; init; }

    public required string Device { get; init; }

    /// <summary>Threads of the networks; 0 for one per core.</summary>
    public int Threads { get; init; }

    /// <summary>The part covered by these results; null for all cases.</summary>
    public string? Part { get; init; }

    /// <summary>Names of the structures measured in mL.</summary>
    public required IReadOnlyList<string> Structures { get; init; }

    public IReadOnlyList<CaseResult> Cases { get; init; } = [];

    /// <summary>Returns the versions in this process.</summary>
    public static IReadOnlyDictionary<string, string> CurrentVersions() => new SortedDictionary<string, string>(
        StringComparer.Ordinal)
    {
        ["MkdSeg"] = LibraryVersion.Of(typeof(ResultsDocument)),
        ["ML.NET"] = Engines.MlNetVersion,
        ["ONNX Runtime"] = Engines.OnnxRuntimeVersion,
        [".NET"] = Environment.Version.ToString(),
    };
}

/// <summary>Writes results.csv and results.json, each replaced atomically so that a reader never sees a partial file.</summary>
internal static class ResultsFiles
{
    private const string Stem = "results";

    private static readonly (string Name, Func<HeartMeasures, string> Value)[] HeartColumns =
    [
        ("lv_mass_g", heart => Number(heart.LvMassG)),
        ("lv_mass_g_per_m2", heart => Number(heart.LvMassG / heart.BodySurfaceM2)),
        ("aorta_mm", heart => Number(heart.AortaMm)),
        ("aorta_mm_per_m2", heart => Number(heart.AortaMm / heart.BodySurfaceM2)),
        ("pulmonary_trunk_mm", heart => Number(heart.PulmonaryTrunkMm)),
        ("pulmonary_to_aorta", heart => Number(heart.PulmonaryToAorta)),
        ("contrast_phase", heart => heart.Phase?.ToString().ToLowerInvariant() ?? ""),
        ("body_surface_m2", heart => Number(heart.BodySurfaceM2)),
    ];

    private static readonly (string Name, Func<StructureResult, HeartMeasures?, string> Value)[] StructureColumns =
    [
        ("is_cut", (structure, _) => structure.IsCut ? "yes" : "no"),
        ("ml_per_m2", (structure, heart) => Number(structure.VolumeMl / heart?.BodySurfaceM2)),
        ("hu_mean", (structure, _) => Number(structure.Hounsfield?.Mean)),
        ("hu_sd", (structure, _) => Number(structure.Hounsfield?.Sd)),
        ("hu_median", (structure, _) => Number(structure.Hounsfield?.Median)),
        ("hu_p5", (structure, _) => Number(structure.Hounsfield?.P5)),
        ("hu_p95", (structure, _) => Number(structure.Hounsfield?.P95)),
        ("centroid_mm", (structure, _) => Numbers(structure.CentroidMm)),
        ("box_mm", (structure, _) => Numbers(structure.BoxMm)),
    ];

    /// <summary>Returns the CSV file's path, for all cases or for a part.</summary>
    public static string CsvPath(string folder, ScoringShard? shard) =>
        Path.Combine(folder, shard is null ? $"{Stem}.csv" : $"{Stem}.{shard}.csv");

    /// <summary>Returns the path of the JSON file next to a CSV file.</summary>
    public static string JsonPath(string csvPath) => Path.ChangeExtension(csvPath, ".json");

    /// <summary>Returns the parts' JSON files in a folder.</summary>
    public static IEnumerable<(ScoringShard Shard, string Path)> Parts(string folder) =>
        Directory.EnumerateFiles(folder, $"{Stem}.*.json")
            .Select(path => (
                Shard: ScoringShard.Parse(Path.GetFileNameWithoutExtension(path)[(Stem.Length + 1)..]), Path: path))
            .Where(part => part.Shard is not null)
            .Select(part => (part.Shard!, part.Path));

    /// <summary>Writes both files.</summary>
    /// <exception cref="UserErrorException">A file cannot be written.</exception>
    public static void Write(string csvPath, ResultsDocument document)
    {
        try
        {
            StrictJson.Save(JsonPath(csvPath), document);
            AtomicFile.WriteText(csvPath, ToCsv(document));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(
                $"{csvPath} cannot be written: {error.Message} Free space or choose another output folder.", error);
        }
    }

    private static string ToCsv(ResultsDocument document)
    {
        // Photographs have no measurements in millimetres and pass through fewer stages.
        var ofVolumes = document.Settings is not null;
        var stages = ofVolumes ? Enum.GetValues<ScoringStage>() : PhotographScorer.Stages;
        var text = new StringBuilder();
        AppendRow(text,
        [
            "case", "file", "sha256", "status", "reason", "warnings",
            .. document.Structures.Select(structure => $"{structure}_ml"),
            .. ofVolumes
                ? (string[])
                [
                    "left_right_mm", "front_back_mm", "head_foot_mm", "agreement", "removed_ml", "filled_ml",
                    .. HeartColumns.Select(column => column.Name),
                    .. document.Structures.SelectMany(structure => StructureColumns.Select(column => $"{structure}_{column.Name}")),
                ]
                : [],
            .. stages.Select(stage => $"{stage}_s".ToLowerInvariant()),
        ]);
        foreach (var result in document.Cases)
        {
            AppendRow(text,
            [
                result.Case.Name,
                result.Case.Path,
                result.Sha256 ?? "",
                result.Status switch
                {
                    CaseStatus.Ok => "ok",
                    CaseStatus.Doubtful => "doubtful",
                    CaseStatus.Failed => "failed",
                    _ => "left out",
                },
                result.Reason,
                string.Join(' ', result.Warnings),
                .. document.Structures.Select((_, i) =>
                    Number(i < result.Structures.Count ? result.Structures[i].VolumeMl : null)),
                .. ofVolumes
                    ? (string[])
                    [
                        Number(result.ExtentMm?.LeftRight),
                        Number(result.ExtentMm?.FrontBack),
                        Number(result.ExtentMm?.HeadFoot),
                        Number(result.Agreement),
                        Number(result.IsWritten ? result.Structures.Sum(structure => structure.RemovedMl) : null),
                        Number(result.IsWritten ? result.Structures.Sum(structure => structure.FilledMl) : null),
                        .. HeartColumns.Select(column => result.Heart is { } heart ? column.Value(heart) : ""),
                        .. document.Structures.SelectMany((_, i) => StructureColumns.Select(column =>
                            i < result.Structures.Count ? column.Value(result.Structures[i], result.Heart) : "")),
                    ]
                    : [],
                .. stages.Select(stage => Number(result.Seconds.TryGetValue(stage, out var seconds) ? seconds : null)),
            ]);
        }

        return text.ToString();
    }

    private static string Number(double? value) => value?.ToString("0.###", CultureInfo.InvariantCulture) ?? "";

    private static string Numbers(IReadOnlyList<double>? values) => string.Join(' ', (values ?? []).Select(value => Number(value)));

    private static void AppendRow(StringBuilder text, IEnumerable<string> fields) =>
        text.AppendJoin(',', fields.Select(CsvField.Quote)).Append('\n');
}

/// <summary>Merges the results of the parts a folder was split into.</summary>
internal static class ResultsMerger
{
    /// <summary>Merges results.part-1-of-n.json … results.part-n-of-n.json into results.csv and results.json.</summary>
    /// <param name="outputFolder">The output folder of all parts.</param>
    /// <exception cref="UserErrorException">
    /// There are no parts, a part is missing or was stopped, or the parts differ in model or settings.
    /// </exception>
    public static ScoringSummary Merge(string outputFolder)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputFolder);
        if (!Directory.Exists(outputFolder))
            throw new UserErrorException($"The folder {outputFolder} does not exist; name the output folder of the parts.");
        var parts = ResultsFiles.Parts(outputFolder).OrderBy(part => part.Shard.Index).ToArray();
        int[] counts = [.. parts.Select(part => part.Shard.Count).Distinct().Order()];
        if (counts is not [var count])
        {
            throw new UserErrorException(counts.Length == 0
                ? $"The folder {outputFolder} contains no partial results; score the parts first."
                : $"The folder {outputFolder} contains parts of {string.Join(" and of ", counts)}; delete the "
                    + "results.part-* files that are not wanted.");
        }

        int[] missing = [.. Enumerable.Range(1, count).Except(parts.Select(part => part.Shard.Index))];
        if (missing.Length > 0)
        {
            throw new UserErrorException(
                $"Results are missing in {outputFolder} for {(missing.Length == 1 ? "part" : "parts")} "
                + $"{string.Join(", ", missing)} of {count}; "
                + $"score {string.Join(", ", missing.Select(i => $"part {i}/{count}"))} first.");
        }

        ResultsDocument[] documents = [.. parts.Select(part => StrictJson.Load<ResultsDocument>(part.Path))];
        for (var i = 0; i < count; i++)
        {
            if (!documents[i].IsComplete)
            {
                throw new UserErrorException(
                    $"Part {i + 1} of {count} was interrupted; score part {i + 1}/{count} again to resume where it "
                    + "stopped.");
            }

            if (documents[i].ModelSha256 != documents[0].ModelSha256 || documents[i].Settings != documents[0].Settings)
            {
                throw new UserErrorException(
                    $"Parts 1 and {i + 1} of {count} in {outputFolder} were scored with different models or settings; score "
                    + "one of them again.");
            }
        }

        var merged = documents[0] with
        {
            Part = null,
            // Case k is in part k mod n.
            Cases =
            [
                .. Enumerable.Range(0, documents.Max(document => document.Cases.Count))
                    .SelectMany(k => documents.Where(document => k < document.Cases.Count).Select(document => document.Cases[k])),
            ],
        };
        var csv = ResultsFiles.CsvPath(outputFolder, null);
        ResultsFiles.Write(csv, merged);
        return new(merged.Cases, IsCancelled: false, csv);
    }
}
