namespace MkdSeg.IO;

/// <summary>The header of a volume file, without its voxels.</summary>
/// <param name="Grid">Where the voxels lie; a two-dimensional image counts as one slice.</param>
/// <param name="PixelType">
/// How a voxel is stored, such as "16-bit signed integer"; scaled integers count as real.
/// </param>
/// <param name="ComponentCount">Values per voxel: 1 for intensities and labels, 3 for colours.</param>
/// <param name="Format">"NIfTI", "NRRD", "MetaImage", "PNG" or "DICOM".</param>
/// <param name="FileSizeBytes">Size on disk; for a DICOM folder, of all slices combined.</param>
public sealed record VolumeHeader(Grid Grid, string PixelType, int ComponentCount, string Format, long FileSizeBytes)
{
    /// <summary>
    /// One sentence for each issue that does not prevent reading the volume: an sform and a qform that disagree, a tilted
    /// gantry, duplicate slices.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
