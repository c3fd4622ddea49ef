using System.Text.Json;
using System.Text.Json.Nodes;

namespace MkdSeg.Reports.Reading;

/// <summary>The sources of a report, as found in its folders; missing ones are null.</summary>
internal sealed record ReportSources
{
    private const string ScoresName = "scores.csv";
    private const string MasksFolder = "masks";
    private const string ManifestName = "dataset.json";

    /// <summary>The name of the first folder, used if the model has none.</summary>
    public required string Name { get; init; }

    public CsvTable? Metrics { get; init; }
    public CsvTable? Validation { get; init; }
    public CsvTable? Locator { get; init; }
    public JsonObject? Training { get; init; }

    /// <summary>The inputs of an experiment's run: cases, modalities, data set.</summary>
    public JsonObject? Run { get; init; }

    /// <summary>The outcome of an experiment's run: times, threads, versions.</summary>
    public JsonObject? Result { get; init; }

    public ModelBundle? Bundle { get; init; }
    public string? Masks { get; init; }
    public CsvTable? Results { get; init; }

    /// <summary>The details of the results that results.csv does not contain.</summary>
    public JsonObject? ResultsDetails { get; init; }

    public string? ScoresFile { get; init; }

    /// <summary>The SVG plots of an experiment's long setting, from a given folder or next to that experiment's runs.</summary>
    public IReadOnlyList<string> MethodPlots { get; init; } = [];
    public VolumeManifest? Manifest { get; init; }
    public required LabelSet Labels { get; init; }

    public static ReportSources Find(ReportOptions options)
    {
        var folders = options.Folders;
        foreach (var folder in folders)
        {
            if (!Directory.Exists(folder))
                throw new UserErrorException($"There is no folder {folder}; name the folder of a run or of its masks.");
        }

        var masks = folders.SelectMany(folder => new[] { folder, Path.Combine(folder, MasksFolder) })
            .FirstOrDefault(HoldsMasks);
        var results = InMasks("results.csv");
        var bundleFolder = options.Model
            ?? folders.SelectMany(folder => new[] { Path.Combine(folder, "bundle"), folder })
                .FirstOrDefault(folder => File.Exists(Path.Combine(folder, ModelBundle.DescriptionFile)));
        var bundle = bundleFolder is null ? null : ModelBundle.Load(bundleFolder);
        var table = results is null ? null : CsvTable.Load(results);
        var manifest = FindManifest(options, table, Json(First("plan.json")));
        var found = new ReportSources
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folders[0]))),
            Metrics = Table("metrics.csv"),
            Validation = Table("validation.csv"),
            Locator = Table("locator.csv"),
            Training = Json(First("training.json")) ?? bundle?.Training,
            Run = Json(First("run.json")),
            Result = Json(First("result.json")),
            Bundle = bundle,
            Masks = masks,
            Results = table,
            ResultsDetails = Json(InMasks("results.json")),
            ScoresFile = First(ScoresName),
            MethodPlots =
            [
                .. folders.SelectMany(folder => new[] { folder, Path.Combine(folder, "..", "..", "tables") })
                    .Select(Path.GetFullPath).Distinct().Where(Directory.Exists)
                    .SelectMany(folder => Directory.EnumerateFiles(folder, "table*-curves.svg"))
                    .Order(StringComparer.Ordinal),
            ],
            Manifest = manifest,
            Labels = bundle?.LabelSet ?? manifest?.LabelSet ?? LabelSet.WholeHeart,
        };
        return found is { Metrics: null, Training: null, Bundle: null, Masks: null, ScoresFile: null }
            ? throw new UserErrorException(
                $"{string.Join(" and ", folders)}: there is neither a training run (metrics.csv, training.json, bundle) nor "
                + "a set of masks (results.csv); name the folder that mkdseg train or mkdseg score wrote.")
            : found;

        string? First(string name) => folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

        CsvTable? Table(string name) => First(name) is { } path ? CsvTable.Load(path) : null;

        string? InMasks(string name) =>
            masks is not null && Path.Combine(masks, name) is var path && File.Exists(path) ? path : null;
    }

    public static string? MaskOf(string folder, string caseId) => !Directory.Exists(folder)
        ? null
        : Directory.EnumerateFiles(folder).Where(VolumeListing.IsVolume).Order(StringComparer.Ordinal)
            .FirstOrDefault(path => VolumeListing.CaseName(path) == caseId);

    private static bool HoldsMasks(string folder) => Directory.Exists(folder)
        && (File.Exists(Path.Combine(folder, "results.csv"))
            || Directory.EnumerateFiles(folder).Any(VolumeListing.IsVolume));

    private static VolumeManifest? FindManifest(ReportOptions options, CsvTable? results, JsonObject? plan)
    {
        if (options.Manifest is { } given)
            return VolumeManifest.Load(given, options.DataRoot);
        var image = results?.Rows.Select(row => results.Field(row, "file")).FirstOrDefault(File.Exists);
        var folder = Path.GetDirectoryName(image);
        for (var i = 0; i < 2 && folder is not null; i++, folder = Path.GetDirectoryName(folder))
        {
            if (Path.Combine(folder, ManifestName) is var path && File.Exists(path))
                return DatasetManifest.Load(path) as VolumeManifest;
        }

        // Where training found it; the data may have moved since.
        return Lenient.Text(plan.Member("data")) is { } trained && File.Exists(trained)
            ? DatasetManifest.Load(trained, Lenient.Text(plan.Member("dataRoot"))) as VolumeManifest
            : null;
    }

    private static JsonObject? Json(string? path)
    {
        if (path is null)
            return null;
        try
        {
            return JsonNode.Parse(
                File.ReadAllText(path),
                documentOptions: new()
                {
                    AllowTrailingCommas = true,
                    CommentHandling = StrictJson.Options.ReadCommentHandling,
                }) as JsonObject;
        }
        catch (JsonException error)
        {
            throw new UserErrorException(
                $"{path} is not valid JSON (line {error.LineNumber + 1}); regenerate or remove it.", error);
        }
    }
}

/// <summary>Reads JSON written by other versions of this program: values of the wrong type are treated as missing.</summary>
internal static class Lenient
{
    /// <summary>Returns a string, or a number or Boolean as text; null if there is none.</summary>
    public static string? Text(JsonNode? node) => node is not JsonValue value ? null
        : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>()
        : value.GetValueKind() is JsonValueKind.Null ? null
        : value.ToJsonString();

    public static double Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<double>() : double.NaN;

    /// <summary>Returns a member of an object; null if the node is not an object or has no such member.</summary>
    public static JsonNode? Member(this JsonNode? node, string name) => (node as JsonObject)?[name];
}
