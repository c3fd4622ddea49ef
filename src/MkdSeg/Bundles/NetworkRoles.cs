namespace MkdSeg.Bundles;

/// <summary>The paper's names for the networks that a bundle may contain.</summary>
public static class NetworkRoles
{
    /// <summary>The segmentor trained on real target images; the only segmentor of methods that have just one.</summary>
    public const string SReal = "S_real";

    /// <summary>The segmentor trained on synthetic target images.</summary>
    public const string SSyn = "S_syn";

    /// <summary>A second segmentor trained on the same images as S_real from different initial weights.</summary>
    public const string SSecond = "S_2";

    /// <summary>The generator from the assistant to the target modality.</summary>
    public const string GeneratorToTarget = "G_a→t";

    /// <summary>The generator from the target to the assistant modality.</summary>
    public const string GeneratorToAssistant = "G_t→a";

    /// <summary>The network that finds the heart in volumes of any extent.</summary>
    public const string Locator = "locator";

    /// <summary>The name under which the mean of the segmentors is reported; no network has this role.</summary>
    public const string Ensemble = "ensemble";

    /// <summary>Whether a network of this role segments.</summary>
    public static bool IsSegmentor(string role) =>
        role is not null && role.StartsWith("S_", StringComparison.Ordinal);

    /// <summary>Whether a network of this role translates images into the appearance of another modality.</summary>
    public static bool IsGenerator(string role) =>
        role is not null && role.StartsWith("G_", StringComparison.Ordinal);
}
