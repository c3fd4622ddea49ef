namespace MkdSeg.Phantom;

/// <summary>Which part of the person a phantom volume shows.</summary>
public enum PhantomRegion
{
    /// <summary>The heart, with as much of the thorax around it as the field of view holds.</summary>
    Thorax,

    /// <summary>Liver, spleen, kidneys, bowel and spine below the heart: no voxel of the heart.</summary>
    Abdomen,

    /// <summary>Neck and head above the thorax: no voxel of the heart.</summary>
    Head,
}
