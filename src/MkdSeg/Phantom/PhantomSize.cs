namespace MkdSeg.Phantom;

/// <summary>How large the phantom's volumes are.</summary>
public enum PhantomSize
{
    /// <summary>
    /// The heart's field of view, coarse: CT about 96×96×58 voxels of 2.2×2.2×3 mm, MR about 104×104×44 voxels of
    /// 2×2×4 mm.
    /// </summary>
    Small,

    /// <summary>The whole thorax as a scanner stores it: CT 512×512×250 voxels of about 0.7×0.7×1 mm.</summary>
    Full,
}
