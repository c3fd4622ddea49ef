using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using MkdSeg.ML.Scoring;

namespace MkdSeg.Reports.Reading;

/// <summary>Reads which model was run on which data, with which options and versions, and how long it took.</summary>
internal static class FactReader
{
    private static readonly (string Column, string What)[] ScoringStages =
    [
        ("hash_s", "hashing the input"),
        ("read_s", "reading"),
        ("locate_s", "finding the heart"),
        ("prepare_s", "preparing slices"),
        ("segment_s", "networks"),
        ("restore_s", "masks on the volume's grid"),
        ("write_s", "writing"),
    ];

    public static bool IsSynthetic(DatasetManifest? manifest) =>
        manifest is not null && $"{manifest.Name} {manifest.Title}".Contains("phantom", StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<Fact> Facts(ReportSources sources, IReadOnlyList<ScoredCase> cases, MaskSet? masks)
    {
        var (bundle, training, run, manifest) = (sources.Bundle, sources.Training, sources.Run, sources.Manifest);
        return Known(
            ("Model", bundle?.Name),
            ("Segments", bundle is null ? null
                : $"{bundle.Modality}: "
                + string.Join(", ", sources.Labels.Structures.Select(s => $"{s.Name} ({s.FullName})"))),
            ("Networks", bundle is null ? null : string.Join(", ", bundle.Networks.Select(network => network.Role))),
            ("Method", Value(training, "method")),
            ("Iterations", Value(training, "iterations")),
            ("Seed", Value(training, "seed")),
            ("Data set", manifest is null ? Value(run, "dataset") : $"{manifest.Title} ({manifest.Name})"),
            ("Data licence", manifest?.Licence),
            ("Trained on", run is null
                ? manifest is null ? null : TrainingCases(manifest, sources)
                : string.Join(", ", new[] { Count(run, "target"), Count(run, "assistant") }.OfType<string>())),
            ("Applied to", cases.Count == 0 ? null
                : $"{cases.Count} volumes, {cases.Count(item => item.Truth is not null)} of them with an annotation"),
            ("Field of view",
                Value(sources.Result, "crop") ?? Value(sources.ResultsDetails.Member("settings"), "crop")),
            ("Compared with", masks is null ? null : string.Join(
                ", ",
                masks.Folders.Select(item => item.Name).Except(masks.Members.Append(masks.Main).Select(m => m.Name)))),
            ("Scores from", sources.ScoresFile is null ? null : Path.GetFileName(sources.ScoresFile)));
    }

    /// <summary>Returns the options as a flat list, such as "segmentor.filters" and "16, 32".</summary>
    public static IReadOnlyList<Fact> Configuration(JsonObject? training)
    {
        var facts = new List<Fact>();
        if (training is not null)
            Flatten(training, "");
        return facts;

        void Flatten(JsonObject item, string prefix)
        {
            foreach (var (key, node) in item)
            {
                if (node is JsonObject inner)
                    Flatten(inner, $"{prefix}{key}.");
                else if (node is JsonArray list)
                    facts.Add(new(prefix + key, string.Join(", ", list.Select(value => Lenient.Text(value) ?? "…"))));
                else if (Lenient.Text(node) is { } text)
                    facts.Add(new(prefix + key, text));
            }
        }
    }

    public static IReadOnlyList<Fact> Environment(ReportSources sources)
    {
        var versions = sources.ResultsDetails.Member("versions") as JsonObject;
        return Known(
            ("Model made with", Tools(sources.Bundle?.ToolVersions)),
            // Earlier versions recorded the requested device.
            ("Training device", Value(sources.Training, "device") is var device && device == "auto"
                ? "auto (the device used was not recorded)"
                : device),
            ("Training threads", Threads(Value(sources.Result, "threads") ?? Value(sources.Training, "threads"))),
            ("Masks made with",
                Tools(versions?.ToDictionary(tool => tool.Key, tool => Lenient.Text(tool.Value) ?? ""))),
            ("Scoring device", Value(sources.ResultsDetails, "device")),
            ("Scoring threads", Threads(Value(sources.ResultsDetails, "threads"))),
            ("Run finished", Value(sources.Result, "finished")),
            ("Report made with", Tools(ResultsDocument.CurrentVersions())
                + $", {RuntimeInformation.OSDescription}, "
                + $"{RuntimeInformation.OSArchitecture}, {System.Environment.ProcessorCount} cores"));
    }

    /// <summary>Returns how long training and scoring took; unknown times are left out.</summary>
    public static IReadOnlyList<TimeRow> Times(ReportSources sources, CurveTable? curves, CurveTable? locator)
    {
        var rows = new List<TimeRow>();
        var training = Lenient.Number(sources.Result.Member("trainingSeconds"));
        if (double.IsNaN(training))
            training = curves?.Seconds ?? double.NaN;
        if (double.IsFinite(training))
            rows.Add(new("Training, per iteration", training, (int?)curves?.Total));
        if (locator?.Seconds is { } locating)
            rows.Add(new("Training of the locator, per iteration", locating, (int)locator.Total));
        if (sources.Results is not { } results)
            return rows;
        var stages = new List<TimeRow>();
        foreach (var (column, what) in ScoringStages)
        {
            double[] seconds = [.. results.Rows.Select(row => results.Number(row, column)).Where(double.IsFinite)];
            if (seconds.Length > 0)
                stages.Add(new($"– {what}", seconds.Sum(), seconds.Length));
        }

        return stages.Count == 0
            ? rows
            : [.. rows, new("Scoring, per volume", stages.Sum(stage => stage.Seconds), stages.Max(stage => stage.Count)), .. stages];
    }

    private static IReadOnlyList<Fact> Known(params (string Name, string? Value)[] facts) =>
        [.. facts.Where(fact => !string.IsNullOrEmpty(fact.Value)).Select(fact => new Fact(fact.Name, fact.Value!))];

    private static string? Tools(IEnumerable<KeyValuePair<string, string>>? versions) =>
        versions is null ? null : string.Join(", ", versions.Select(tool => $"{tool.Key} {tool.Value}"));

    private static string? Value(JsonNode? item, string key) => Lenient.Text(item.Member(key));

    private static string? Threads(string? threads) => threads == "0" ? "one per core" : threads;

    private static string? Count(JsonObject run, string role) =>
        run[$"{role}Cases"] is JsonArray cases ? $"{cases.Count} {Value(run, $"{role}Modality")}" : null;

    private static string TrainingCases(VolumeManifest manifest, ReportSources sources)
    {
        string?[] modalities = [sources.Bundle?.Modality, sources.Bundle?.AssistantModality];
        return string.Join(", ", modalities.OfType<string>()
            .Select(modality => (Modality: modality, Cases: manifest.CasesOf(modality, "train").Count))
            .Where(item => item.Cases > 0)
            .Select(item => $"{item.Cases} {item.Modality} volumes (split train)"));
    }
}
