using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace MkdSeg.Experiments.Planning;

/// <summary>Everything that decides the result of one training and its test; equal ones share a run.</summary>
internal sealed record RunSpecification
{
    public required TrainingOptions Options { get; init; }
    public required string TargetModality { get; init; }

    /// <summary>The modality that helps.</summary>
    public required string AssistantModality { get; init; }

    public required CropRule Crop { get; init; }
    public required ExperimentSetting Setting { get; init; }

    /// <summary>The fold that is tested on; null where the test volumes belong to no fold.</summary>
    public int? Fold { get; init; }

    public required string Dataset { get; init; }

    /// <summary>Target volumes that are trained on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TargetCases { get; init; }

    /// <summary>Assistant volumes that are trained on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> AssistantCases { get; init; }

    /// <summary>Target volumes that are tested on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TestCases { get; init; }

    /// <summary>SHA-256 of what decides the result, 64 hexadecimal digits.</summary>
    [JsonIgnore]
    public string Identity => RunIdentity.Of(this);

    /// <summary>A readable name that no other specification has, such as <c>mkd-4ct-20mr-seed1-3fa9c2d1</c>.</summary>
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
/// Tells runs apart. Options count by what differs from their defaults, so that a later version of the program with
/// another option still finds its runs; device and threads do not count.
/// </summary>
internal static class RunIdentity
{
    // They do not say what is trained.
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

        // What the default has and this has not, such as an end of an intensity window.
        foreach (var (name, _) in defaults.Where(pair => pair.Value is not null && !value.ContainsKey(pair.Key)))
            differences[name] = null;
        return differences;
    }
}
