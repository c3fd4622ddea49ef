namespace MkdSeg.IO.Dicom;

/// <summary>Body surface area in m², from the patient's size (m) and weight (kg) in a DICOM header.</summary>
internal static class BodySurface
{
    /// <summary>Reads the surface area; null if the header lacks size or weight, or its values are implausible.</summary>
    public static double? Read(string path) => DicomParser.Read(
        path, tag => DicomTag.IsKept(tag) || tag is DicomTag.PatientSize or DicomTag.PatientWeight) is { } header
        && new DicomImage(header, 0, null) is var image
        && image.Reals(DicomTag.PatientSize) is [> 0.4 and < 2.6 and var sizeM]
        && image.Reals(DicomTag.PatientWeight) is [> 2 and < 400 and var weightKg]
            ? Mosteller(sizeM, weightKg)
            : null;

    /// <summary>Mosteller RD, N Engl J Med 1987; 317: 1098.</summary>
    public static double Mosteller(double sizeM, double weightKg) => Math.Sqrt(100 * sizeM * weightKg / 3600);
}
