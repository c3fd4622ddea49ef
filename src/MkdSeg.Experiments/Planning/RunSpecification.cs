using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MkdSeg.Experiments.Planning;

/// <summary>Everything that determines the result of one training run and its test; equal specifications share a run.</summary>
internal sealed record RunSpecification
{
    public required TrainingOptions Options { get; init; }
    public required string TargetModality { get; init; }

    /// <summary>The modality that assists training.</summary>
    public required string AssistantModality { get; init; }

    public required CropRule Crop { get; init; }
    public required ExperimentSetting Setting { get; init; }

    /// <summary>The test fold; null if the test volumes do not belong to a fold.</summary>
    public int? Fold { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Target volumes for training, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TargetCases { get; init; }

    /// <summary>Assistant volumes for training, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> AssistantCases { get; init; }

    /// <summary>Target volumes for testing, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TestCases { get; init; }

    /// <summary>SHA-256 of everything that determines the result, 64 hexadecimal digits.</summary>
    [JsonIgnore]
    public string Identity => RunIdentity.Of(this);

    /// <summary>A readable, unique name, such as <c>mkd-4ct-20mr-seed1-3fa9c2d1</c>.</summary>
    [JsonIgnore]
    public string Name
    {
        get
        {
            var fold = Fold is { } number ? $"-fold{number}" : "";
            var cases = $"{TargetCases.Count}{TargetModality}-{AssistantCases.Count}{AssistantModality}".ToLowerInvariant();
            return $"{Options.Method}-{cases}{fold}-seed{Options.Seed}-{Identity[..8]}";
        }
    }
}

/// <summary>A volume of a run, with the hashes of its files where the manifest has them.</summary>
internal sealed record RunCase(string Id, string? ImageSha256, string? LabelSha256)
{
    public static RunCase Of(CaseEntry entry) => new(entry.Id, entry.ImageSha256, entry.LabelSha256);
}

/// <summary>
/// Identifies runs. Only options that differ from their defaults count, so that a later version of the program with an
/// additional option still finds its runs; device and threads do not count.
/// </summary>
internal static class RunIdentity
{
    // These do not affect what is trained.
    private static readonly string[] Irrelevant =
    [
        nameof(TrainingOptions.Device), nameof(TrainingOptions.Threads), nameof(TrainingOptions.SnapshotMinutes),
        nameof(TrainingOptions.CheckpointIterations), nameof(TrainingOptions.KeptCheckpoints),
    ];

    public static string Of(RunSpecification run)
    {
        var specification = ToJson(run);
        var options = Differences(ToJson(run.Options), ToJson(new TrainingOptions()));
        foreach (var name in Irrelevant)
            options.Remove(JsonNamingPolicy.CamelCase.ConvertName(name));
        specification["options"] = options;
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(specification.ToJsonString())));
    }

    private static JsonObject ToJson<T>(T value) => JsonSerializer.SerializeToNode(value, StrictJson.Options)!.AsObject();

    private static JsonObject Differences(JsonObject value, JsonObject defaults)
    {
        var differences = new JsonObject();
        foreach (var (name, member) in value)
        {
            var standard = defaults[name];
            if (JsonNode.DeepEquals(member, standard))
                continue;
            differences[name] = member is JsonObject inner && standard is JsonObject innerDefaults
                ? Differences(inner, innerDefaults)
                : member?.DeepClone();
        }

        // Members that only the default has, such as one end of an intensity window.
        foreach (var (name, _) in defaults.Where(pair => pair.Value is not null && !value.ContainsKey(pair.Key)))
            differences[name] = null;
        return differences;
    }
}
