using System.Text.RegularExpressions;

namespace MkdSeg.Datasets;

/// <summary>
/// A data set of photographs with label images. Its files are identified by path patterns instead of being listed.
/// </summary>
public sealed record PhotographManifest : DatasetManifest
{
    /// <summary>The default modality to segment.</summary>
    public required string TargetModality { get; init; }

    /// <summary>The default assistant modality.</summary>
    public required string AssistantModality { get; init; }

    /// <summary>Values per pixel: 3 for colour, 1 for greyscale.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>The modalities by name, such as Cityscapes and GTA5.</summary>
    public required IReadOnlyDictionary<string, PhotographModality> Modalities { get; init; }

    /// <summary>Returns the photographs of a modality found on disk, by path; only those of the split if one is given.</summary>
    /// <exception cref="UserErrorException">The manifest has no such modality.</exception>
    public IReadOnlyList<PhotographCase> CasesOf(string modality, string? split = null)
    {
        ArgumentNullException.ThrowIfNull(modality);
        if (!Modalities.TryGetValue(modality, out var entry))
        {
            throw new UserErrorException(
                $"{Name}: there is no modality '{modality}'; the modalities are {string.Join(", ", Modalities.Keys)}.");
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
                        $"{name}: no photograph matches {folder.Images} below {DataRoot}.");
                }
            }

            problems.AddRange(CasesOf(name).Where(entry => !File.Exists(entry.LabelPath)).Select(entry =>
                $"{name}: {entry.ImagePath} has no label image; {entry.LabelPath} was expected."));
        }

        return problems;
    }

    /// <inheritdoc/>
    protected override void CheckConsistency(string path)
    {
        base.CheckConsistency(path);
        if (Channels is not (1 or 3))
            throw new UserErrorException($"{path}: channels is {Channels}; it must be 3 for colour or 1 for greyscale.");
        foreach (var name in (string[])[TargetModality, AssistantModality])
        {
            if (!Modalities.ContainsKey(name))
            {
                throw new UserErrorException(
                    $"{path}: there is no modality '{name}'; the modalities are {string.Join(", ", Modalities.Keys)}.");
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
                        + $"labels '{folder.Labels}'; both must have the same number, at least one.");
                }
            }
        }
    }
}

/// <summary>One kind of photograph, such as from one camera or one game.</summary>
public sealed record PhotographModality
{
    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>Where its files are.</summary>
    public required IReadOnlyList<PhotographFolder> Folders { get; init; }
}

/// <summary>Photographs and label images whose names follow a pattern.</summary>
public sealed record PhotographFolder
{
    /// <summary>The part of the data set they belong to, such as "train".</summary>
    public string? Split { get; init; }

    /// <summary>Paths of the photographs below the data root; a star stands for any text without a slash.</summary>
    public required string Images { get; init; }

    /// <summary>Paths of their label images; each star stands for the same text as in <see cref="Images"/>.</summary>
    public required string Labels { get; init; }
}

/// <summary>One photograph of a data set and its label image.</summary>
/// <param name="Id">The varying parts of its path, joined by slashes; unique within its modality and split.</param>
/// <param name="Modality">Its modality, a key of the manifest's modalities.</param>
/// <param name="Split">The part of the data set it belongs to.</param>
/// <param name="ImagePath">Path of the photograph.</param>
/// <param name="LabelPath">Path of its label image, which may be missing.</param>
public sealed record PhotographCase(string Id, string Modality, string? Split, string ImagePath, string LabelPath);

/// <summary>Path patterns below a folder; each <c>*</c> stands for any text without a slash.</summary>
internal static class PathPattern
{
    /// <summary>Returns the matching files in order, with the text that each star matched.</summary>
    public static IEnumerable<(string Path, IReadOnlyList<string> Stars)> Find(string root, string pattern)
    {
        var parts = pattern.Split('/').TakeWhile(part => !part.Contains('*', StringComparison.Ordinal));
        var folder = Path.Combine(root, string.Join('/', parts));
        if (!Directory.Exists(folder))
            yield break;
        var expression = new Regex(
            "^" + Regex.Escape(pattern).Replace(@"\*", "([^/]*)", StringComparison.Ordinal) + "$",
            RegexOptions.CultureInvariant);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            if (expression.Match(file) is { Success: true } match)
                yield return (file, [.. match.Groups.Values.Skip(1).Select(group => group.Value)]);
        }
    }

    /// <summary>Replaces the stars of a pattern, in order.</summary>
    public static string FillIn(string pattern, IReadOnlyList<string> stars)
    {
        var parts = pattern.Split('*');
        return string.Concat(parts.Select((part, i) => i < parts.Length - 1 ? part + stars[i] : part));
    }

    /// <summary>Counts the stars in a pattern.</summary>
    public static int Stars(string pattern) => pattern.Count(letter => letter == '*');
}
