namespace MkdSeg.Experiments.Planning;

/// <summary>
/// Chooses the volumes of a run. Subsets depend only on the seed, and larger subsets contain the smaller ones, so that
/// methods and amounts of data are compared on the same volumes.
/// </summary>
internal sealed class CaseSelection
{
    private const string Test = "test";
    private readonly VolumeManifest _manifest;
    private readonly string _modality;
    private readonly IReadOnlyList<CaseEntry> _test;

    /// <summary>Selects among a modality's volumes; volumes without an annotation are ignored.</summary>
    public CaseSelection(VolumeManifest manifest, string modality)
    {
        (_manifest, _modality) = (manifest, modality);
        var annotated = manifest.CasesOf(modality).Where(entry => entry.Label is not null).ToList();
        Training = [.. annotated.Where(entry => entry.Split is null or "train")];
        _test = [.. annotated.Where(entry => entry.Split == Test)];
        if (Training.Count == 0)
        {
            throw new UserErrorException(
                $"{manifest.Name} has no annotated {modality} volume to train on; provide a manifest with annotated "
                + $"{modality} cases outside the split '{Test}'.");
        }
    }

    /// <summary>Whether there are test volumes in addition to the folds.</summary>
    public bool HasTestSplit => _test.Count > 0;

    public IReadOnlyList<CaseEntry> Training { get; }

    /// <summary>
    /// Returns a few training volumes drawn by the seed; the test volumes are a fold or, without one, the test split.
    /// </summary>
    public (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Test) Scarce(int count, ulong seed, int? fold)
    {
        var (pool, test) = fold is { } number ? ByFold(number) : (Training, _test);
        return (Subset(pool, count, seed), test);
    }

    /// <summary>
    /// Returns the other folds for training and a fold for testing; a manifest without folds is split into halves.
    /// </summary>
    public (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Test) ByFold(int fold)
    {
        var hasFolds = Training.Any(entry => entry.Fold is not null);
        var folds = Training
            .Select((entry, index) => (Entry: entry, Fold: hasFolds ? entry.Fold : 2 * index / Training.Count))
            .ToLookup(pair => pair.Fold == fold, pair => pair.Entry);
        if (!folds[true].Any() || !folds[false].Any())
        {
            throw new UserErrorException(
                $"{_manifest.Name} has no {_modality} volumes in fold {fold}, or none outside it; "
                + (hasFolds ? "name one of the manifest's folds." : "a manifest without folds has folds 0 and 1."));
        }

        return ([.. folds[false]], [.. folds[true]]);
    }

    public IReadOnlyList<CaseEntry> Subset(int count, ulong seed) => Subset(Training, count, seed);

    private IReadOnlyList<CaseEntry> Subset(IReadOnlyList<CaseEntry> pool, int count, ulong seed)
    {
        if (count < 1 || count > pool.Count)
        {
            throw new UserErrorException(
                $"{count} {_modality} training volumes were requested; {_manifest.Name} has {pool.Count} annotated "
                + "volumes that are not used for testing.");
        }

        int[] order = [.. Enumerable.Range(0, pool.Count)];
        new SeededRandom(seed).Derive($"subset of {_modality}").Shuffle(order.AsSpan());
        return [.. order.Take(count).Order().Select(index => pool[index])];
    }
}
