namespace MkdSeg.IO.Dicom;

/// <summary>Distinguishes slices of a scan from other objects in an archive, by SOP classes and image types (PS3.3).</summary>
internal static class ScanCheck
{
    private const string SecondaryCapture = "1.2.840.10008.5.1.4.1.1.7";
    private const string StructuredReports = "1.2.840.10008.5.1.4.1.1.88.";

    private static readonly uint[] Numbers =
    [
        DicomTag.ImagePosition, DicomTag.ImageOrientation, DicomTag.PixelSpacing, DicomTag.RescaleSlope,
        DicomTag.RescaleIntercept, DicomTag.SliceThickness,
    ];

    /// <summary>Returns what an image is if it is not a slice of a scan, as text that follows "is"; null for a slice.</summary>
    public static string? WhyNoScan(DicomImage image)
    {
        var sopClass = image.Text(DicomTag.SopClass);
        if (sopClass.StartsWith(StructuredReports, StringComparison.Ordinal) || image.Modality == "SR")
            return "a dose report or another structured report without an image";
        var imageType = image.Text(DicomTag.ImageType).ToUpperInvariant();
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

        if (image.Modality.Length == 0 && image.Defect is null)
            return "without a modality (0008,0060), although CT or MR is expected";
        if (image.Modality.Length > 0 && image.Modality is not ("CT" or "MR"))
            return $"of the modality {image.Modality}, not CT or MR";
        if (!image.HasPixels && image.Defect is null)
            return "an object without an image";
        return image.Integer(DicomTag.SamplesPerPixel) is > 1 ? "made up of colour images" : null;
    }

    /// <summary>Returns why a slice cannot be placed in a volume, one sentence that names it; null if it can.</summary>
    public static string? WhyNoPlace(DicomImage image)
    {
        if (Math.Max(image.Integer(DicomTag.NumberOfFrames) ?? 1, 1) is var frames
            && frames != Math.Max(image.Header.Frames.Count, 1))
        {
            return $"'{image.Path}' contains several frames ({frames}) but states the position of {image.Header.Frames.Count}, "
                + "so they do not form a volume; export single slices.";
        }

        if (image.Rows == 0 || image.Columns == 0)
            return $"'{image.Path}' does not state how many rows and columns it has; export it again.";
        foreach (var tag in Numbers)
        {
            if (image.Text(tag) is { Length: > 0 } text && image.Reals(tag) is null)
            {
                return $"'{image.Path}' has '{text}' as {DicomTag.Name(tag)}, where numbers with a decimal point are expected; "
                    + "export it again.";
            }
        }

        var missing = image.Position is null ? DicomTag.ImagePosition
            : image.Axes is null ? DicomTag.ImageOrientation
            : image.Spacing is null ? DicomTag.PixelSpacing
            : 0;
        if (missing != 0)
            return $"'{image.Path}' does not state {DicomTag.Name(missing)}; export the original slices.";
        return DicomPixels.Problem(image) is { } problem ? $"'{image.Path}' {problem}" : null;
    }
}
