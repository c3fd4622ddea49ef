namespace MkdSeg.IO.Dicom;

/// <summary>Tells slices of a scan from what else lies in an archive, by SOP classes and image types (PS3.3).</summary>
internal static class ScanCheck
{
    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
    private const string StructuredReports = "1.2.840.10008.5.1.4.1.1.88.";

    /// <summary>What a file is when it is no slice of a scan, to follow "is"; null for a slice.</summary>
    public static string? WhyNoScan(DicomFile file)
    {
        var sopClass = file.Text(DicomTag.SopClass);
        if (sopClass.StartsWith(StructuredReports, StringComparison.Ordinal) || file.Modality == "SR")
            return "a dose report or another structured report without an image";
        var imageType = file.Text(DicomTag.ImageType).ToUpperInvariant();
        if (imageType.Contains("LOCALIZER", StringComparison.Ordinal)
            || imageType.Contains("SCOUT", StringComparison.Ordinal))
        {
            return "a localizer (scout)";
        }

        if (sopClass == SecondaryCapture || sopClass.StartsWith(SecondaryCapture + ".", StringComparison.Ordinal)
            || imageType.Contains("SCREEN", StringComparison.Ordinal))
        {
            return "a secondary capture (a picture of a screen or a page)";
        }

        if (file.Modality.Length > 0 && file.Modality is not ("CT" or "MR"))
            return $"of the modality {file.Modality}, not CT or MR";
        if (!file.HasPixels && file.Defect is null)
            return "an object without an image";
        return file.Number(DicomTag.SamplesPerPixel) is > 1 ? "made of colour pictures" : null;
    }

    /// <summary>Why a slice has no place in a volume, one sentence that names it; null where it has one.</summary>
    public static string? WhyNoPlace(DicomFile file)
    {
        if (file.Number(DicomTag.NumberOfFrames) is > 1)
            return $"'{file.Path}' holds several frames (an enhanced object), which is not read; export single slices.";
        if (file.Rows == 0 || file.Columns == 0)
            return $"'{file.Path}' does not say how many rows and columns it has; export it again.";
        var missing = file.Position is null ? "its position (0020,0032)"
            : file.Axes is null ? "its directions (0020,0037)"
            : file.Spacing is null ? "the distance of its pixels (0028,0030)"
            : null;
        return missing is null ? null : $"'{file.Path}' does not say {missing}; export the original slices.";
    }
}
