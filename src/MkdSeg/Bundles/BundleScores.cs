namespace MkdSeg.Bundles;

/// <summary>How well a bundle did on some data.</summary>
public sealed record BundleScores
{
    /// <summary>The data it was measured on, in words a reader can act on.</summary>
    public required string Data { get; init; }

    /// <summary>Which network or combination: a role, or "ensemble".</summary>
    public required string Predictor { get; init; }

    /// <summary>Number of volumes.</summary>
    public required int Cases { get; init; }

    /// <summary>Mean Dice over the volumes, per structure name.</summary>
    public required IReadOnlyDictionary<string, double> Dice { get; init; }

    /// <summary>Mean of <see cref="Dice"/> over the structures.</summary>
    public required double MeanDice { get; init; }
}
