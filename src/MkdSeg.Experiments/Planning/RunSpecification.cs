using System.Text.Json.Serialization;
using MkdSeg.Datasets;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Running;

namespace MkdSeg.Experiments.Planning;

/// <summary>
/// One training and its test: everything that decides what comes out. Two tables that need runs of equal specification
/// share one run.
/// </summary>
public sealed record RunSpecification
{
    /// <summary>The effective training options, with method and seed.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>The modality that is segmented.</summary>
    public required string TargetModality { get; init; }

    /// <summary>The modality that helps.</summary>
    public required string AssistantModality { get; init; }

    /// <summary>How test volumes are framed.</summary>
    public required CropRule Crop { get; init; }

    /// <summary>How target volumes were divided.</summary>
    public required ExperimentSetting Setting { get; init; }

    /// <summary>The fold that is tested on; null where the test volumes belong to no fold.</summary>
    public int? Fold { get; init; }

    /// <summary>Name of the data set.</summary>
    public required string Dataset { get; init; }

    /// <summary>Target volumes that are trained on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TargetCases { get; init; }

    /// <summary>Assistant volumes that are trained on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> AssistantCases { get; init; }

    /// <summary>Target volumes that are tested on, in the manifest's order.</summary>
    public required IReadOnlyList<RunCase> TestCases { get; init; }

    /// <summary>
    /// SHA-256 of the specification, 64 hexadecimal digits. Device and number of threads are left out: they do not say
    /// what is trained.
    /// </summary>
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

/// <summary>A volume of a run. The hashes are there where the manifest has them.</summary>
/// <param name="Id">The case's name.</param>
/// <param name="ImageSha256">Hash of the volume's file.</param>
/// <param name="LabelSha256">Hash of the annotation's file.</param>
public sealed record RunCase(string Id, string? ImageSha256, string? LabelSha256)
{
    /// <summary>The volume of a manifest's entry.</summary>
    public static RunCase Of(CaseEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return new(entry.Id, entry.ImageSha256, entry.LabelSha256);
    }
}
