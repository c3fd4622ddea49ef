using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Data;

namespace MkdSeg.Training.Running;

/// <summary>Named variations of <see cref="TrainingOptions"/>.</summary>
public static class TrainingPresets
{
    /// <summary>The preset used if neither a file nor the caller names one.</summary>
    public const string Default = "phantom";

    private const string PresetKey = "preset";

    /// <summary>
    /// For the phantom, in minutes on two CPU cores: a small patch, small networks, higher learning rates that end at 0; a
    /// generator that starts as a pale copy of its input and preserves edges, and discriminators that learn slowly enough for
    /// it to keep up.
    /// </summary>
    public static TrainingOptions Phantom { get; } = new()
    {
        Iterations = 1000,
        BatchSize = 2,
        SegmentorRate = new(1e-3, LearningRateDecay.Linear),
        AdversarialRate = new(1e-3, LearningRateDecay.LinearInSecondHalf),
        DiscriminatorRateRatio = 0.1,
        Segmentor = new() { Filters = [16, 32, 64, 128] },
        Generator = new()
        {
            Width = 8, Blocks = 2, Downsamplings = 1, SkipConnection = true, ResidualOutput = true, ResidualClip = 0.5f,
        },
        Discriminator = new() { Width = 16, Layers = 2 },
        Target = new() { InPlaneSpacingMm = 2.5, PatchSize = 64, Window = IntensityWindow.Ct },
        Assistant = new() { InPlaneSpacingMm = 2.5, PatchSize = 64, Window = IntensityWindow.Mr },
        Augmentation = AugmentationOptions.Geometric,
    };

    /// <summary>
    /// For the shipped bundle, which labels any routine chest CT, trained on phantoms alone: contrast, noise and scanner are
    /// drawn again for every slice, and networks see five slices in a field large enough for every heart (see
    /// docs/shipped-bundle.md).
    /// </summary>
    public static TrainingOptions Clinical { get; } = (Phantom with
    {
        Iterations = 12_000,
        SyntheticAppearance = true,
        AdversarialRate = new(5e-4, LearningRateDecay.LinearInSecondHalf),
        DiscriminatorRateRatio = 1,
        Generator = new() { Width = 12, Blocks = 3, Downsamplings = 1, ResidualOutput = true },
        Discriminator = new() { Width = 16, Layers = 2 },
        Target = new()
        {
            InPlaneSpacingMm = 2.4, PatchSize = 80, Window = new() { LowerValue = -250, UpperValue = 550 },
        },
        Assistant = new() { InPlaneSpacingMm = 2.4, PatchSize = 80, Window = IntensityWindow.Mr },
        Augmentation = AugmentationOptions.Geometric with { ShiftPixels = 6, Scale = 0.15 },
        AverageDecay = 0.999,
        Locator = new()
        {
            Iterations = 1500, PhantomThoraxes = 60, PhantomOthers = 40, PhantomVariation = PhantomVariation.Clinical,
        },
    }).SeeingSlices(5, 3);

    /// <summary>The paper's sizes and rates, for a GPU: 256×256, ngf 64, 9 blocks, the generator as published.</summary>
    public static TrainingOptions Paper { get; } = new();

    /// <summary>The presets by name.</summary>
    public static IReadOnlyDictionary<string, TrainingOptions> All { get; } =
        new SortedDictionary<string, TrainingOptions>(StringComparer.Ordinal)
        {
            ["clinical"] = Clinical,
            ["paper"] = Paper,
            ["phantom"] = Phantom,
        };

    /// <summary>Returns the preset with a name.</summary>
    /// <exception cref="UserErrorException">No preset has this name.</exception>
    public static TrainingOptions Find(string name) =>
        All.TryGetValue(name, out var options)
            ? options
            : throw new UserErrorException(
                $"There is no preset '{name}'; the presets are {string.Join(", ", All.Keys)}.");

    /// <summary>
    /// Loads options from a file such as <c>{ "preset": "paper", "batchSize": 4, "mkd": { "lambdaCycle": 5 } }</c>.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="preset">The preset to start from instead of the one that the file names; null to use the file's.</param>
    /// <param name="start">Provides the options to start from if no preset is named; null for <see cref="Default"/>.</param>
    /// <exception cref="UserErrorException">A key is unknown (the nearest valid one is named) or of the wrong type.</exception>
    public static TrainingOptions Load(string path, string? preset = null, Func<TrainingOptions>? start = null) =>
        JsonOverlay.Load(path, PresetKey, named => (preset ?? named) is { } name ? Find(name) : start?.Invoke() ?? Find(Default));
}
