namespace MkdSeg.IO.Dicom;

/// <summary>What the files of a series have in common.</summary>
/// <param name="Uid">Series Instance UID; may be empty.</param>
/// <param name="Description">Series Description; may be empty.</param>
/// <param name="Modality">CT, MR, …; may be empty.</param>
/// <param name="Number">Series Number.</param>
/// <param name="Folder">The deepest folder that holds all files.</param>
/// <param name="Fallback">What tells a series without UID from others.</param>
/// <param name="Part">1, or the place among the stacks of the series.</param>
internal sealed record SeriesIdentity(
    string Uid, string Description, string Modality, int? Number, string Folder, string Fallback, int Part)
{
    /// <summary>How messages call the series.</summary>
    public string Title
    {
        get
        {
            var name = Description.Length > 0 ? $"'{Description}'" : Uid.Length > 0 ? Uid : "without UID";
            var details = Description.Length > 0 && Uid.Length > 0 ? $" ({Uid})" : "";
            return $"Series {name}{details}";
        }
    }

    /// <summary>The identity of files of one series.</summary>
    public static SeriesIdentity Of(IReadOnlyList<DicomImage> files)
    {
        var first = files[0];
        return new(
            first.SeriesUid,
            First(files, DicomTag.SeriesDescription),
            files.Select(file => file.Modality).FirstOrDefault(text => text.Length > 0) ?? "",
            first.Integer(DicomTag.SeriesNumber),
            CommonFolder(files),
            $"{first.Text(DicomTag.StudyInstance)} {first.Name} ",
            1);
    }

    private static string First(IReadOnlyList<DicomImage> files, uint tag) =>
        files.Select(file => file.Text(tag)).FirstOrDefault(text => text.Length > 0) ?? "";

    private static string CommonFolder(IReadOnlyList<DicomImage> files)
    {
        var folder = Path.GetDirectoryName(files[0].Path)!;
        foreach (var file in files)
        {
            while (!IsWithin(file.Path, folder))
                folder = Path.GetDirectoryName(folder) ?? "";
        }

        return folder;
    }

    private static bool IsWithin(string path, string folder) =>
        folder.Length == 0
        || (path.StartsWith(folder, StringComparison.Ordinal)
            && (Path.EndsInDirectorySeparator(folder) || path[folder.Length] == Path.DirectorySeparatorChar));
}
