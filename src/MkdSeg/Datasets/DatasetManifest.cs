using System.Text.Json.Serialization;

namespace MkdSeg.Datasets;

/// <summary>
/// What a data set is: where it comes from, what its labels mean, which files belong to it. The JSON key "kind" tells
/// what it is made of; "volumes" is a <see cref="VolumeManifest"/>, "photographs" a <see cref="PhotographManifest"/>.
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

    /// <summary>The folder that paths start from; the manifest's own folder unless another one was given.</summary>
    [JsonIgnore]
    public string DataRoot { get; init; } = ".";

    /// <summary>Loads a manifest and checks that it is consistent; no data file is opened.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="dataRoot">The folder that paths start from; null for the manifest's own folder.</param>
    /// <exception cref="UserErrorException">One sentence about what is wrong.</exception>
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

    /// <summary>Looks for the data files: one sentence for each that is missing or has another hash.</summary>
    /// <param name="checkHashes">Whether files are read to compare hashes, where the manifest has them.</param>
    public abstract IReadOnlyList<string> FindProblems(bool checkHashes);

    /// <summary>Throws what <see cref="FindProblems"/> finds.</summary>
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

    /// <summary>The manifest with the cases that its patterns find below the data root.</summary>
    internal virtual DatasetManifest FindCases(string path) => this;

    /// <summary>Checks what can be checked without files.</summary>
    /// <exception cref="UserErrorException">One sentence about what is wrong.</exception>
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
