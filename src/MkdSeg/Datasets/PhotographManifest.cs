using System.ComponentModel;
using MkdSeg.Common;

namespace MkdSeg.Datasets;

/// <summary>
/// A data set of photographs with label images. Its files are not listed one by one: they are those whose paths follow
/// the manifest's patterns.
/// </summary>
[Description("A data set of photographs with label images.")]
public sealed record PhotographManifest : DatasetManifest
{
    /// <summary>The modality that is segmented where no other one is asked for.</summary>
    [Description("The modality that is segmented where no other one is asked for.")]
    public required string TargetModality { get; init; }

    /// <summary>The modality that helps where no other one is asked for.</summary>
    [Description("The modality that helps where no other one is asked for.")]
    public required string AssistantModality { get; init; }

    /// <summary>Values per pixel: 3 for colours, 1 for grey.</summary>
    [Description("Values per pixel: 3 for colours, 1 for grey.")]
    public int Channels { get; init; } = 3;

    /// <summary>The modalities by name, such as Cityscapes and GTA5.</summary>
    [Description("The modalities by name, such as Cityscapes and GTA5.")]
    public required IReadOnlyDictionary<string, PhotographModality> Modalities { get; init; }

    /// <summary>The photographs of a modality that are there, by path; of one split where one is given.</summary>
    /// <exception cref="UserErrorException">The manifest has no such modality.</exception>
    public IReadOnlyList<PhotographCase> CasesOf(string modality, string? split = null)
    {
        ArgumentNullException.ThrowIfNull(modality);
        if (!Modalities.TryGetValue(modality, out var entry))
        {
            throw new UserErrorException(
                $"{Name}: there is no modality '{modality}'; there are {string.Join(", ", Modalities.Keys)}.");
        }

        return
        [
            .. entry.Folders.Where(folder => split is null || folder.Split == split).SelectMany(folder =>
                PathPattern.Find(DataRoot, folder.Images).Select(file => new PhotographCase(
                    string.Join('/', file.Stars),
                    modality,
                    folder.Split,
                    Path.Combine(DataRoot, file.Path),
                    Path.Combine(DataRoot, PathPattern.FillIn(folder.Labels, file.Stars))))),
        ];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FindProblems(bool checkHashes)
    {
        var problems = new List<string>();
        foreach (var (name, modality) in Modalities)
        {
            foreach (var folder in modality.Folders)
            {
                if (!PathPattern.Find(DataRoot, folder.Images).Any())
                {
                    problems.Add(
                        $"{name}: no photograph {folder.Images} is there; it was looked for below {DataRoot}.");
                }
            }

            problems.AddRange(CasesOf(name).Where(entry => !File.Exists(entry.LabelPath)).Select(entry =>
                $"{name}: {entry.ImagePath} has no label image; it would be {entry.LabelPath}."));
        }

        return problems;
    }

    /// <inheritdoc/>
    protected override void CheckConsistency(string path)
    {
        base.CheckConsistency(path);
        if (Channels is not (1 or 3))
            throw new UserErrorException($"{path}: channels is {Channels}; a photograph has 3, or 1 where it is grey.");
        foreach (var name in (string[])[TargetModality, AssistantModality])
        {
            if (!Modalities.ContainsKey(name))
            {
                throw new UserErrorException(
                    $"{path}: there is no modality '{name}'; there are {string.Join(", ", Modalities.Keys)}.");
            }
        }

        foreach (var (name, modality) in Modalities)
        {
            foreach (var folder in modality.Folders)
            {
                var (stars, labelStars) = (PathPattern.Stars(folder.Images), PathPattern.Stars(folder.Labels));
                if (stars == 0 || stars != labelStars)
                {
                    throw new UserErrorException(
                        $"{path}: modality {name} has {stars} stars in images '{folder.Images}' and {labelStars} in "
                        + $"labels '{folder.Labels}'; both need as many, and at least one.");
                }
            }
        }
    }
}
