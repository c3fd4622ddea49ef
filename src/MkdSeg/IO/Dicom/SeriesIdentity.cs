namespace MkdSeg.IO.Dicom;

/// <summary>
/// What the files of a series have in common; texts may be empty. Fallback distinguishes a series without a UID from
/// others; Part is 1 or the rank among the stacks of the series.
/// </summary>
internal sealed record SeriesIdentity(
    string Uid, string Description, string Modality, int? Number, string Folder, string Fallback, int Part)
{
    /// <summary>The name of the series in messages.</summary>
    public string Title => (Description.Length > 0, Uid.Length > 0) switch
    {
        (true, true) => $"Series '{Description}' ({Uid})",
        (true, false) => $"Series '{Description}'",
        (false, true) => $"Series {Uid}",
        _ => "Series without UID",
    };

    public static SeriesIdentity Of(IReadOnlyList<DicomImage> files)
    {
        var first = files[0];
        return new(
            first.SeriesUid,
            FirstOf(file => file.Text(DicomTag.SeriesDescription)),
            FirstOf(file => file.Modality),
            first.Integer(DicomTag.SeriesNumber),
            CommonFolder(files),
            $"{first.Text(DicomTag.StudyInstance)} {first.Name} ",
            1);

        string FirstOf(Func<DicomImage, string> text) =>
            files.Select(text).FirstOrDefault(found => found.Length > 0) ?? "";
    }

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
