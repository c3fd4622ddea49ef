namespace MkdSeg.ML.Scoring;

/// <summary>Files that a mask can become.</summary>
[Flags]
public enum MaskFormats
{
    /// <summary>.nii.gz with the label set's values.</summary>
    Nifti = 1,

    /// <summary>.seg.nrrd with names, colours and terminology, for 3D Slicer.</summary>
    SegNrrd = 2,

    /// <summary>Both of them.</summary>
    Both = Nifti | SegNrrd,
}
