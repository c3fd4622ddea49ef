namespace MkdSeg.Preprocessing;

/// <summary>How the part of a volume that networks see is chosen.</summary>
public enum CropRule
{
    /// <summary>Around the centre of the label's bounding box: the paper's protocol, needs an annotation.</summary>
    Label,

    /// <summary>Around the volume's centre, all slices.</summary>
    Centre,

    /// <summary>
    /// Around the heart as a first, coarse pass finds it: the bundle's locator, or the segmentors where it has none.
    /// </summary>
    Located,

    /// <summary>The whole volume, padded to the network's size multiple.</summary>
    Whole,
}
