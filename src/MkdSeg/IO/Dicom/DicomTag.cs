namespace MkdSeg.IO.Dicom;

/// <summary>The elements that say what a DICOM file is and where its slice lies: group, element (PS3.6).</summary>
internal static class DicomTag
{
    public const uint MediaStorageClass = 0x00020002;
    public const uint TransferSyntax = 0x00020010;
    public const uint CharacterSet = 0x00080005;
    public const uint ImageType = 0x00080008;
    public const uint SopClass = 0x00080016;
    public const uint SopInstance = 0x00080018;
    public const uint Modality = 0x00080060;
    public const uint SeriesDescription = 0x0008103E;
    public const uint SliceThickness = 0x00180050;
    public const uint EchoTime = 0x00180081;
    public const uint TriggerTime = 0x00181060;
    public const uint ConvolutionKernel = 0x00181210;
    public const uint StudyInstance = 0x0020000D;
    public const uint SeriesInstance = 0x0020000E;
    public const uint SeriesNumber = 0x00200011;
    public const uint AcquisitionNumber = 0x00200012;
    public const uint ImagePosition = 0x00200032;
    public const uint ImageOrientation = 0x00200037;
    public const uint TemporalPosition = 0x00200100;
    public const uint SamplesPerPixel = 0x00280002;
    public const uint NumberOfFrames = 0x00280008;
    public const uint Rows = 0x00280010;
    public const uint Columns = 0x00280011;
    public const uint PixelSpacing = 0x00280030;
    public const uint BitsAllocated = 0x00280100;
    public const uint PixelData = 0x7FE00010;

    /// <summary>Whether an element is kept when a header is read.</summary>
    public static bool IsKept(uint tag) => tag is MediaStorageClass or TransferSyntax or CharacterSet or ImageType
        or SopClass or SopInstance or Modality or SeriesDescription or SliceThickness or EchoTime or TriggerTime
        or ConvolutionKernel or StudyInstance or SeriesInstance or SeriesNumber or AcquisitionNumber or ImagePosition
        or ImageOrientation or TemporalPosition || IsNumber(tag) || tag is NumberOfFrames or PixelSpacing;

    /// <summary>Whether its value is a binary 16-bit number rather than text.</summary>
    public static bool IsNumber(uint tag) => tag is SamplesPerPixel or Rows or Columns or BitsAllocated;
}
