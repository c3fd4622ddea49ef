namespace MkdSeg.Phantom;

/// <summary>Which phantom volume to make. Equal requests give equal volumes, bit by bit.</summary>
public sealed record PhantomRequest
{
    /// <summary>Decides the person and the scan.</summary>
    public ulong Seed { get; init; }

    /// <summary>CT or MR.</summary>
    public PhantomModality Modality { get; init; } = PhantomModality.Ct;

    /// <summary>The part of the person: volumes of other parts than the thorax have no labels.</summary>
    public PhantomRegion Region { get; init; } = PhantomRegion.Thorax;

    /// <summary>Field of view, voxels and orientation; null for what <see cref="Size"/> and chance make of them.</summary>
    public PhantomScan? Scan { get; init; }

    /// <summary>The heart's field of view, or the whole thorax.</summary>
    public PhantomSize Size { get; init; } = PhantomSize.Small;

    /// <summary>How much subjects and images differ.</summary>
    public PhantomVariation Variation { get; init; } = PhantomVariation.Default;
}
