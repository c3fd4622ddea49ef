using MkdSeg.Phantom;
using MkdSeg.Preprocessing;
using MkdSeg.Training.Networks;

namespace MkdSeg.Training.Running;

/// <summary>How the network that finds the heart is trained.</summary>
public sealed record LocatorOptions
{
    /// <summary>Updates of the network.</summary>
    public int Iterations { get; init; } = 250;

    /// <summary>Slices per iteration.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>The learning rate.</summary>
    public LearningRateSchedule Rate { get; init; } = new(3e-3, LearningRateDecay.Cosine);

    /// <summary>Pixels along each side of a training image.</summary>
    public int PatchSize { get; init; } = 72;

    /// <summary>
    /// Size of the network, a small version of the segmentors'. <see cref="Settings"/> determine its channels and classes.
    /// </summary>
    public ResidualUNetOptions Network { get; init; } = new() { Filters = [8, 16, 32, 64], Norm = Normalization.Batch };

    /// <summary>What the network sees of a volume and what counts as a heart, in training and inference.</summary>
    public LocatorSettings Settings { get; init; } = new();

    /// <summary>
    /// Number of phantom thorax volumes added to the data, whose own volumes often show little more than the heart.
    /// </summary>
    public int PhantomThoraxes { get; init; } = 10;

    /// <summary>How much the added phantoms vary.</summary>
    public PhantomVariation PhantomVariation { get; init; } = PhantomVariation.Wide;

    /// <summary>
    /// Number of phantom volumes of abdomen, head and upper chest, in turn, added as examples without a heart.
    /// </summary>
    public int PhantomOthers { get; init; } = 8;

    internal ResidualUNetOptions SizedNetwork =>
        Network with { InputChannels = Settings.ContextSlices, ClassCount = 2 };

    /// <summary>
    /// Returns the options with the intensity window that suits the volumes: fixed Hounsfield units if the segmentors' window
    /// has a fixed end, otherwise the segmentors' percentiles.
    /// </summary>
    /// <param name="segmentors">Preprocessing of the segmentors' volumes.</param>
    public LocatorOptions For(PreprocessingOptions segmentors) =>
        (segmentors ?? throw new ArgumentNullException(nameof(segmentors))).Window.LowerValue is not null
        ? this
        : this with { Settings = Settings with { Window = segmentors.Window } };

    internal void Validate()
    {
        Settings.Validate("locator");
        if (Iterations < 1 || BatchSize < 1 || PhantomThoraxes < 0 || PhantomOthers < 0)
        {
            throw new UserErrorException(
                $"A locator of {Iterations} iterations of {BatchSize} slices with {PhantomThoraxes} + {PhantomOthers} phantom "
                + "volumes was requested; iterations and batch size must be at least 1, the others at least 0.");
        }

        try
        {
            ResidualUNet.Describe(SizedNetwork).CheckSize(PatchSize, PatchSize);
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"Locator: {error.Message}", error);
        }
    }
}
