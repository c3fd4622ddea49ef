using System.Text.Json.Serialization;

namespace MkdSeg.Datasets;

/// <summary>
/// Describes a data set: its source, the meaning of its labels and its files. The JSON key "kind" selects the type:
/// "volumes" is a <see cref="VolumeManifest"/>, "photographs" a <see cref="PhotographManifest"/>.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(VolumeManifest), "volumes")]
[JsonDerivedType(typeof(PhotographManifest), "photographs")]
public abstract record DatasetManifest
{
    /// <summary>Short name without spaces, such as "mm-whs-2017".</summary>
    public required string Name { get; init; }

    /// <summary>Full name.</summary>
    public required string Title { get; init; }

    /// <summary>The terms under which the data may be used.</summary>
    public required string Licence { get; init; }

    /// <summary>What to cite.</summary>
    public string? Citation { get; init; }

    /// <summary>Where to get it.</summary>
    public string? Url { get; init; }

    /// <summary>The labelled structures.</summary>
    public required IReadOnlyList<Structure> Labels { get; init; }

    /// <summary>The structures as a label set.</summary>
    [JsonIgnore]
    public LabelSet LabelSet => new(Labels);

    /// <summary>The folder that paths are relative to; by default the manifest's own folder.</summary>
    [JsonIgnore]
    public string DataRoot { get; init; } = ".";

    /// <summary>Loads a manifest and checks that it is consistent; no data file is opened.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="dataRoot">The folder that paths are relative to; null for the manifest's own folder.</param>
    /// <exception cref="UserErrorException">The manifest cannot be loaded; the message says why in one sentence.</exception>
    public static DatasetManifest Load(string path, string? dataRoot = null)
    {
        var manifest = StrictJson.Load<DatasetManifest>(path) with
        {
            DataRoot = Path.GetFullPath(dataRoot ?? Path.GetDirectoryName(Path.GetFullPath(path))!),
        };
        manifest = manifest.FindCases(path);
        manifest.CheckConsistency(path);
        return manifest;
    }

    /// <summary>Writes the manifest; missing folders are created.</summary>
    /// <exception cref="UserErrorException">The manifest is not consistent.</exception>
    public void Save(string path)
    {
        CheckConsistency(path);
        StrictJson.Save(path, this);
    }

    /// <summary>Checks the data files and returns one sentence for each that is missing or has a different hash.</summary>
    /// <param name="checkHashes">Whether to read files and compare their hashes where the manifest lists them.</param>
    public abstract IReadOnlyList<string> FindProblems(bool checkHashes);

    /// <summary>Throws if <see cref="FindProblems"/> finds any problems.</summary>
    /// <exception cref="UserErrorException">Files are missing or have changed; the first five are named.</exception>
    public void Validate(bool checkHashes)
    {
        const int shown = 5;
        var problems = FindProblems(checkHashes);
        if (problems.Count == 0)
            return;
        var rest = problems.Count > shown ? $"\n… and {problems.Count - shown} more." : "";
        throw new UserErrorException(string.Join('\n', problems.Take(shown)) + rest);
    }

    /// <summary>Returns the manifest with the cases whose files match its patterns below the data root.</summary>
    internal virtual DatasetManifest FindCases(string path) => this;

    /// <summary>Checks everything that can be checked without opening data files.</summary>
    /// <exception cref="UserErrorException">The manifest is inconsistent; the message says why in one sentence.</exception>
    protected virtual void CheckConsistency(string path)
    {
        try
        {
            _ = LabelSet;
        }
        catch (UserErrorException error)
        {
            throw new UserErrorException($"{path}: {error.Message}", error);
        }
    }
}
