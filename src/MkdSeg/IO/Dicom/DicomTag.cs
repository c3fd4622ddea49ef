namespace MkdSeg.IO.Dicom;

/// <summary>The elements that describe a DICOM image and its position: group, element (PS3.6).</summary>
internal static class DicomTag
{
    public const uint MediaStorageClass = 0x00020002;
    public const uint TransferSyntax = 0x00020010;
    public const uint CharacterSet = 0x00080005;
    public const uint ImageType = 0x00080008;
    public const uint SopClass = 0x00080016;
    public const uint SopInstance = 0x00080018;
    public const uint AcquisitionTime = 0x00080032;
    public const uint ContentTime = 0x00080033;
    public const uint Modality = 0x00080060;
    public const uint SeriesDescription = 0x0008103E;
    public const uint PatientId = 0x00100020;
    public const uint PatientSize = 0x00101020;
    public const uint PatientWeight = 0x00101030;
    public const uint ContrastAgent = 0x00180010;
    public const uint SliceThickness = 0x00180050;
    public const uint TubeVoltage = 0x00180060;
    public const uint EchoTime = 0x00180081;
    public const uint TriggerTime = 0x00181060;
    public const uint ConvolutionKernel = 0x00181210;
    public const uint StudyInstance = 0x0020000D;
    public const uint SeriesInstance = 0x0020000E;
    public const uint SeriesNumber = 0x00200011;
    public const uint AcquisitionNumber = 0x00200012;
    public const uint ImagePosition = 0x00200032;
    public const uint ImageOrientation = 0x00200037;
    public const uint FrameOfReference = 0x00200052;
    public const uint TemporalPosition = 0x00200100;
    public const uint StackId = 0x00209056;
    public const uint TemporalPositionIndex = 0x00209128;
    public const uint TriggerDelay = 0x00209153;
    public const uint PhaseOfCycle = 0x00209241;
    public const uint SamplesPerPixel = 0x00280002;
    public const uint NumberOfFrames = 0x00280008;
    public const uint Rows = 0x00280010;
    public const uint Columns = 0x00280011;
    public const uint PixelSpacing = 0x00280030;
    public const uint BitsAllocated = 0x00280100;
    public const uint BitsStored = 0x00280101;
    public const uint HighBit = 0x00280102;
    public const uint PixelRepresentation = 0x00280103;
    public const uint PixelPadding = 0x00280120;
    public const uint PixelPaddingLimit = 0x00280121;
    public const uint RescaleIntercept = 0x00281052;
    public const uint RescaleSlope = 0x00281053;
    public const uint SharedGroups = 0x52009229;
    public const uint FrameGroups = 0x52009230;
    public const uint PixelData = 0x7FE00010;

    private static readonly HashSet<uint> Kept =
    [
        MediaStorageClass, TransferSyntax, CharacterSet, ImageType, SopClass, SopInstance, AcquisitionTime, ContentTime, Modality,
        SeriesDescription, PatientId, ContrastAgent, SliceThickness, TubeVoltage, EchoTime, TriggerTime, ConvolutionKernel,
        StudyInstance, SeriesInstance, SeriesNumber, AcquisitionNumber, ImagePosition, ImageOrientation, FrameOfReference,
        TemporalPosition, StackId, NumberOfFrames, PixelSpacing, RescaleIntercept, RescaleSlope,
    ];

    /// <summary>Whether an element is kept when a header is read.</summary>
    public static bool IsKept(uint tag) => Kept.Contains(tag) || IsInteger(tag) || IsReal(tag);

    /// <summary>Whether an element positions, scales or numbers a frame and thus counts within functional groups.</summary>
    public static bool IsOfFrame(uint tag) => tag is ImagePosition or ImageOrientation or PixelSpacing or SliceThickness
        or RescaleIntercept or RescaleSlope or StackId or TemporalPositionIndex or TriggerDelay or PhaseOfCycle;

    /// <summary>Whether an element's value is a binary integer rather than text.</summary>
    public static bool IsInteger(uint tag) => tag is SamplesPerPixel or Rows or Columns or BitsAllocated or BitsStored or HighBit
        or PixelRepresentation or PixelPadding or PixelPaddingLimit or TemporalPositionIndex;

    /// <summary>Whether an element's value is a 64-bit binary real number.</summary>
    public static bool IsReal(uint tag) => tag is TriggerDelay or PhaseOfCycle;

    /// <summary>Returns the name of an element in messages.</summary>
    public static string Name(uint tag) => (tag switch
    {
        ImagePosition => "its position",
        ImageOrientation => "its orientation",
        PixelSpacing => "its pixel spacing",
        RescaleSlope => "its rescale slope",
        RescaleIntercept => "its rescale intercept",
        SliceThickness => "its thickness",
        _ => "an element",
    }) + $" ({tag >> 16:x4},{tag & 0xffff:x4})";
}
