using MkdSeg.Preprocessing;

namespace MkdSeg.Datasets;

/// <summary>A data set of volumes with label volumes.</summary>
public sealed record VolumeManifest : DatasetManifest
{
    /// <summary>The modalities by name, such as CT and MR.</summary>
    public required IReadOnlyDictionary<string, ModalityEntry> Modalities { get; init; }

    /// <summary>The volumes; in a loaded manifest, including those found by <see cref="Patterns"/>.</summary>
    public IReadOnlyList<CaseEntry> Cases { get; init; } = [];

    /// <summary>Path patterns for data sets that are not listed file by file; empty once the files are found.</summary>
    public IReadOnlyList<CasePattern> Patterns { get; init; } = [];

    /// <summary>Loads the manifest of a volume data set.</summary>
    /// <param name="path">The JSON file.</param>
    /// <param name="dataRoot">The folder that paths are relative to; null for the manifest's own folder.</param>
    /// <exception cref="UserErrorException">The manifest cannot be loaded; the message says why in one sentence.</exception>
    public static new VolumeManifest Load(string path, string? dataRoot = null) =>
        DatasetManifest.Load(path, dataRoot) as VolumeManifest
        ?? throw new UserErrorException($"{path}: this data set does not consist of volumes, which are required here.");

    /// <summary>Returns the path of a case's volume; the file may be missing.</summary>
    public string ImagePath(CaseEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Locate(entry, entry.Image);
    }

    /// <summary>Returns the path of a case's annotation, whose file may be missing; null if the manifest lists none.</summary>
    public string? LabelPath(CaseEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return entry.Label is { } label ? Locate(entry, label) : null;
    }

    /// <summary>Returns the paths of a case's binary masks by structure.</summary>
    internal IEnumerable<(string Structure, string Path)> MaskPaths(CaseEntry entry) =>
        entry.Masks.Select(mask => (mask.Key, Locate(entry, mask.Value)));

    /// <summary>Returns the path of a case's tissue map, whose file may be missing; null if the manifest lists none.</summary>
    internal string? TissueMapPath(CaseEntry entry) => entry.TissueMap is { } map ? Locate(entry, map) : null;

    /// <summary>Returns the case with the given id.</summary>
    /// <exception cref="UserErrorException">There is no such case.</exception>
    public CaseEntry Case(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return Cases.FirstOrDefault(entry => entry.Id == id) ?? throw new UserErrorException(
            $"{Name}: there is no case '{id}'"
            + (StrictJson.Nearest(id, Cases.Select(entry => entry.Id)) is { } nearest
                ? $"; did you mean '{nearest}'?"
                : $"; it has {Cases.Count} cases."));
    }

    /// <summary>Returns the cases of a modality; only those of the split if one is given.</summary>
    public IReadOnlyList<CaseEntry> CasesOf(string modality, string? split = null) =>
        [.. Cases.Where(entry => entry.Modality == modality && (split is null || entry.Split == split))];

    /// <summary>
    /// Returns the training and test cases of one round of cross-validation: the fold's cases for testing, all others,
    /// including those without a fold, for training.
    /// </summary>
    /// <exception cref="UserErrorException">No case belongs to the fold.</exception>
    public (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Test) SplitByFold(int testFold)
    {
        IReadOnlyList<CaseEntry> test = [.. Cases.Where(entry => entry.Fold == testFold)];
        if (test.Count == 0)
        {
            var folds = Cases.Select(entry => entry.Fold).OfType<int>().Distinct().Order().ToList();
            throw new UserErrorException(
                $"{Name}: no case belongs to fold {testFold}; "
                + (folds.Count == 0 ? "the manifest has no folds." : $"the folds are {string.Join(", ", folds)}."));
        }

        return ([.. Cases.Where(entry => entry.Fold != testFold)], test);
    }

    internal override DatasetManifest FindCases(string path)
    {
        if (Patterns.Count == 0)
            return this;
        var found = Patterns.SelectMany(pattern => pattern.Find(DataRoot)).ToArray();
        return found.Length > 0
            ? this with { Cases = [.. Cases, .. found], Patterns = [] }
            : throw new UserErrorException(
                $"{path}: no file below {DataRoot} matches {string.Join(" or ", Patterns.Select(pattern => pattern.Images))}; "
                + "pass the folder that contains the data as the data root.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> FindProblems(bool checkHashes)
    {
        var problems = new List<string>();
        foreach (var entry in Cases)
        {
            Check(entry, "image", entry.Image, entry.ImageSha256);
            if (entry.Label is { } label)
                Check(entry, "label", label, entry.LabelSha256);
            foreach (var (structure, mask) in entry.Masks)
                Check(entry, $"{structure} mask", mask, null);
            if (entry.TissueMap is { } tissues)
                Check(entry, "tissue map", tissues, null);
        }

        return problems;

        void Check(CaseEntry entry, string what, string relative, string? expected)
        {
            var path = Locate(entry, relative);
            if (!Path.Exists(path))
            {
                problems.Add(
                    $"{entry.Id}: the {what} file {relative} is missing; searched "
                    + $"{string.Join(", ", Modalities[entry.Modality].Folders.Select(Folder))}.");
            }
            else if (checkHashes && expected is not null && File.Exists(path)
                && FileHash.OfFile(path) is var found && found != expected)
            {
                problems.Add(
                    $"{entry.Id}: the {what} file {path} has the SHA-256 {found}, but the manifest lists {expected}; the "
                    + "file is damaged or a different version, so get a new copy.");
            }
        }
    }

    /// <inheritdoc/>
    protected override void CheckConsistency(string path)
    {
        base.CheckConsistency(path);
        foreach (var (name, modality) in Modalities)
        {
            modality.Window.Validate($"{path}: modality {name}");
            if (modality.Folders.Count == 0)
            {
                throw new UserErrorException(
                    $"{path}: modality {name} lists no folder; write \".\" for the data root.");
            }
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in Cases)
        {
            if (!ids.Add(entry.Id))
                throw new UserErrorException($"{path}: the case id '{entry.Id}' occurs twice; ids must differ.");
            if (!Modalities.ContainsKey(entry.Modality))
            {
                throw new UserErrorException(
                    $"{path}: case {entry.Id} has the modality '{entry.Modality}'; the manifest describes "
                    + $"{string.Join(", ", Modalities.Keys)}.");
            }

            foreach (var structure in entry.Masks.Keys.Except(Labels.Select(label => label.Name)))
            {
                throw new UserErrorException(
                    $"{path}: case {entry.Id} has a mask for '{structure}'; the labels are "
                    + $"{string.Join(", ", Labels.Select(label => label.Name))}.");
            }

            foreach (var hash in new[] { entry.ImageSha256, entry.LabelSha256 })
            {
                if (hash is not null && (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower)))
                {
                    throw new UserErrorException(
                        $"{path}: case {entry.Id} has the SHA-256 '{hash}'; it must be 64 lower-case "
                        + "hexadecimal digits.");
                }
            }

            if (entry.IgnoredLabelBorderVoxels < 0)
            {
                throw new UserErrorException(
                    $"{path}: case {entry.Id} has ignoredLabelBorderVoxels {entry.IgnoredLabelBorderVoxels}; it must "
                    + "be at least 0.");
            }
        }
    }

    private string Folder(string folder) => Path.GetFullPath(Path.Combine(DataRoot, folder));

    private string Locate(CaseEntry entry, string relative)
    {
        var candidates = Modalities[entry.Modality].Folders
            .Select(folder => Path.GetFullPath(Path.Combine(Folder(folder), relative)))
            .ToList();
        return candidates.FirstOrDefault(Path.Exists) ?? candidates[0];
    }
}

/// <summary>One volume of a data set and its annotation.</summary>
public sealed record CaseEntry
{
    /// <summary>Name of the case, unique in the data set.</summary>
    public required string Id { get; init; }

    /// <summary>Its modality, a key of the manifest's modalities.</summary>
    public required string Modality { get; init; }

    /// <summary>Path of the volume below one of the modality's folders: a file, or a folder with a DICOM series.</summary>
    public required string Image { get; init; }

    /// <summary>Path of the annotation below one of the modality's folders; null where there is none.</summary>
    public string? Label { get; init; }

    /// <summary>
    /// Paths of binary masks by structure name, instead of a single annotation. Where masks overlap, the voxel belongs to the
    /// structure that comes first in the labels.
    /// </summary>
    public IReadOnlyDictionary<string, string> Masks { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// Path of a phantom's tissue map, from which training generates new appearances; null where there is none.
    /// </summary>
    public string? TissueMap { get; init; }

    /// <summary>SHA-256 of the volume file, 64 lower-case hexadecimal digits.</summary>
    public string? ImageSha256 { get; init; }

    /// <summary>SHA-256 of the annotation file.</summary>
    public string? LabelSha256 { get; init; }

    /// <summary>The part of the data set it belongs to, such as "train" or "test".</summary>
    public string? Split { get; init; }

    /// <summary>The cross-validation fold in which it is tested; null if it is in every training set.</summary>
    public int? Fold { get; init; }

    /// <summary>Label values of this file that are known artefacts; they become background, with a warning.</summary>
    public IReadOnlyList<ushort> IgnoredLabelValues { get; init; } = [];

    /// <summary>
    /// Labels within this many voxels of the volume's faces are artefacts; they become background, with a warning.
    /// </summary>
    public int IgnoredLabelBorderVoxels { get; init; }

    /// <summary>Anything worth knowing about it.</summary>
    public string? Note { get; init; }
}

/// <summary>
/// Cases whose files follow a pattern below the data root: each <c>*</c> in <see cref="Images"/> matches any text without a
/// slash and stands for the same text in the other paths. The matched text is the case's id.
/// </summary>
public sealed record CasePattern
{
    /// <summary>The modality, a key of the manifest's modalities.</summary>
    public required string Modality { get; init; }

    /// <summary>The volumes, such as <c>*/ct.nii.gz</c>.</summary>
    public required string Images { get; init; }

    /// <summary>The annotations; null where there are none or <see cref="Masks"/> is used instead.</summary>
    public string? Labels { get; init; }

    /// <summary>Binary masks by structure; see <see cref="CaseEntry.Masks"/>.</summary>
    public IReadOnlyDictionary<string, string> Masks { get; init; } = new Dictionary<string, string>();

    /// <summary>The part of the data set that the cases belong to.</summary>
    public string? Split { get; init; }

    /// <summary>Label values of other structures; they become background.</summary>
    public IReadOnlyList<ushort> IgnoredLabelValues { get; init; } = [];

    internal IEnumerable<CaseEntry> Find(string dataRoot) => PathPattern.Find(dataRoot, Images).Select(file => new CaseEntry
    {
        Id = string.Join('/', file.Stars),
        Modality = Modality,
        Image = file.Path,
        Label = Labels is null ? null : PathPattern.FillIn(Labels, file.Stars),
        Masks = Masks.ToDictionary(mask => mask.Key, mask => PathPattern.FillIn(mask.Value, file.Stars)),
        Split = Split,
        IgnoredLabelValues = IgnoredLabelValues,
    });
}

/// <summary>One kind of image in a data set.</summary>
public sealed record ModalityEntry
{
    /// <summary>A description.</summary>
    public string? Description { get; init; }

    /// <summary>The folders to search for its files, in this order, relative to the data root.</summary>
    public IReadOnlyList<string> Folders { get; init; } = ["."];

    /// <summary>The intensities that map to [-1, 1].</summary>
    public required IntensityWindow Window { get; init; }
}
