using System.IO.Enumeration;

namespace MkdSeg.IO.Dicom;

/// <summary>Finds DICOM files in a folder tree and sorts them into series.</summary>
internal static class SeriesSearch
{
    // Files of other formats, which need not be opened. A name that ends in digits is a UID and has no extension.
    private static readonly HashSet<string> OtherExtensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ".nii", ".gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".raw", ".zraw", ".png", ".jpg", ".csv", ".json", ".txt", ".xml",
        ".html", ".pdf", ".zip", ".md", ".onnx", ".mgz", ".mgh",
    };

    public static IReadOnlyList<DicomSeries> Find(string folder)
    {
        if (!Directory.Exists(folder))
            throw new UserErrorException($"The folder '{folder}' does not exist; specify a folder that contains DICOM files.");
        return UserErrorException.OfFiles(() => Sort(Files(folder)), $"The folder '{folder}' cannot be read");
    }

    /// <summary>
    /// Sorts files into series; files that are not DICOM files are skipped, except those named as such.
    /// </summary>
    public static IReadOnlyList<DicomSeries> Sort(IEnumerable<string> files)
    {
        var images = new List<DicomImage>();
        var strangers = new List<string>();
        foreach (var path in files)
        {
            if (DicomParser.Read(path) is { } header)
                images.AddRange(header.Images);
            else if (IsNamedLikeDicom(path))
                strangers.Add(path);
        }

        return
        [
            .. images.GroupBy(SeriesKey)
                .Select(group => group.ToArray())
                .OrderBy(slices => slices[0].Text(DicomTag.StudyInstance), StringComparer.Ordinal)
                .ThenBy(slices => slices[0].Integer(DicomTag.SeriesNumber) ?? int.MaxValue)
                .ThenBy(slices => slices[0].SeriesUid, StringComparer.Ordinal)
                .SelectMany(SeriesGrouping.Split),
            .. strangers.Select(path => DicomSeries.OfStranger(path)),
        ];
    }

    // Files without a UID belong together if they are in the same folder.
    private static string SeriesKey(DicomImage image) =>
        image.SeriesUid.Length > 0 ? image.SeriesUid : Path.GetDirectoryName(image.Path)!;

    private static bool IsNamedLikeDicom(string path) => Path.GetExtension(path).ToLowerInvariant() is ".dcm" or ".ima";

    /// <summary>Returns the files that may be DICOM, sorted by path, since file systems guarantee no order.</summary>
    public static string[] Files(string folder)
    {
        var all = new FileSystemEnumerable<string>(
            folder,
            (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory
                && !OtherExtensions.Contains(Path.GetExtension(entry.FileName).ToString()),
            ShouldRecursePredicate = (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
        };
        string[] files = [.. all.Where(path => new FileInfo(path) is { Exists: true } file && (file.Length > 128 || IsNamedLikeDicom(path)))];
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
