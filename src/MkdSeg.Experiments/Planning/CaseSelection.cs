using MkdSeg.Common;
using MkdSeg.Datasets;

namespace MkdSeg.Experiments.Planning;

/// <summary>
/// Chooses the volumes of a run. Subsets depend on the seed only, and a smaller one is part of a larger one, so that
/// methods, and amounts of data, are compared on the same volumes.
/// </summary>
internal sealed class CaseSelection
{
    private const string Test = "test";
    private readonly VolumeManifest _manifest;
    private readonly string _modality;
    private readonly IReadOnlyList<CaseEntry> _training;
    private readonly IReadOnlyList<CaseEntry> _test;

    /// <summary>The volumes of a modality; those without an annotation do not count.</summary>
    public CaseSelection(VolumeManifest manifest, string modality)
    {
        (_manifest, _modality) = (manifest, modality);
        var annotated = manifest.CasesOf(modality).Where(entry => entry.Label is not null).ToList();
        _training = [.. annotated.Where(entry => entry.Split is null or "train")];
        _test = [.. annotated.Where(entry => entry.Split == Test)];
        if (_training.Count == 0)
        {
            throw new UserErrorException(
                $"{manifest.Name} has no annotated {modality} volume to train on; give a manifest with annotated "
                + $"{modality} cases that do not belong to the split '{Test}'.");
        }
    }

    /// <summary>Whether there are test volumes besides those of the folds.</summary>
    public bool HasTestSplit => _test.Count > 0;

    /// <summary>All volumes to train on.</summary>
    public IReadOnlyList<CaseEntry> Training => _training;

    /// <summary>Trained on are a few volumes out of those that are not tested on.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Which ones.</param>
    /// <param name="fold">The fold to test on; null for the test split.</param>
    public (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Test) Scarce(int count, ulong seed, int? fold)
    {
        var (pool, test) = fold is { } number ? ByFold(number) : (_training, _test);
        return (Subset(pool, count, seed), test);
    }

    /// <summary>Tested is the fold, trained on the other ones.</summary>
    /// <remarks>Where the manifest has no folds for the modality, its halves are the two folds.</remarks>
    public (IReadOnlyList<CaseEntry> Train, IReadOnlyList<CaseEntry> Test) ByFold(int fold)
    {
        var hasFolds = _training.Any(entry => entry.Fold is not null);
        var folds = _training
            .Select((entry, index) => (Entry: entry, Fold: hasFolds ? entry.Fold : 2 * index / _training.Count))
            .ToLookup(pair => pair.Fold == fold, pair => pair.Entry);
        if (!folds[true].Any() || !folds[false].Any())
        {
            throw new UserErrorException(
                $"{_manifest.Name} has no fold {fold} of {_modality} volumes, or nothing but that; "
                + (hasFolds ? "name one that the manifest has." : "without folds in the manifest there are 0 and 1."));
        }

        return ([.. folds[false]], [.. folds[true]]);
    }

    /// <summary>A number of volumes out of all.</summary>
    public IReadOnlyList<CaseEntry> Subset(int count, ulong seed) => Subset(_training, count, seed);

    private IReadOnlyList<CaseEntry> Subset(IReadOnlyList<CaseEntry> pool, int count, ulong seed)
    {
        if (count < 1 || count > pool.Count)
        {
            throw new UserErrorException(
                $"{count} {_modality} volumes to train on were asked for; {_manifest.Name} has {pool.Count} annotated "
                + "ones that are not tested on.");
        }

        int[] order = [.. Enumerable.Range(0, pool.Count)];
        new SeededRandom(seed).Derive($"subset of {_modality}").Shuffle(order.AsSpan());
        return [.. order.Take(count).Order().Select(index => pool[index])];
    }
}
