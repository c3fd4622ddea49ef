using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MkdSeg.Common;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Planning;

/// <summary>
/// Tells runs apart. Options count by what differs from their defaults, so that a later version of the program, with one
/// option more, still finds its runs.
/// </summary>
internal static class RunIdentity
{
    // They do not say what is trained.
    private static readonly string[] Irrelevant =
    [
        nameof(TrainingOptions.Device), nameof(TrainingOptions.Threads), nameof(TrainingOptions.SnapshotMinutes),
        nameof(TrainingOptions.CheckpointIterations), nameof(TrainingOptions.KeptCheckpoints),
    ];

    /// <summary>SHA-256 of a specification, 64 hexadecimal digits.</summary>
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
