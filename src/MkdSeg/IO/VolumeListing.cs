using System.IO.Enumeration;
using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>Volume files in folders, and the names of the cases they hold.</summary>
public static class VolumeListing
{
    // Longer before shorter ones. MGH is among them to be refused in words.
    private static readonly string[] Extensions =
    [
        ".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".hdr.gz", ".hdr", ".img.gz", ".img", ".mgz", ".mgh",
    ];

    private const string ExtensionList = ".nii.gz, .nii, .nrrd, .nhdr, .mha, .mhd or .hdr with .img";
    private static readonly string[] Roles = ["_image", "_label", "_mask", "_seg"];

    /// <summary>The volume files of a folder, not of its subfolders, ordered by name.</summary>
    /// <exception cref="UserErrorException">There is no such folder, or no volume in it.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        var files = InFolder(
            folder, () => Directory.EnumerateFiles(folder).Where(IsVolume).Order(StringComparer.Ordinal).ToArray());
        return files.Length > 0
            ? files
            : throw new UserErrorException(
                $"The folder {folder} holds no volume; files ending in {ExtensionList} count.");
    }

    /// <summary>
    /// The volume files and DICOM series of a folder and its subfolders: files ordered by path, then series ordered by
    /// number. A series that is no scan is among them, with the reason. Links to folders are not followed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="except">A folder within that is not looked at, such as that of the results; null for none.</param>
    /// <exception cref="UserErrorException">There is no such folder, or neither volume nor series in it.</exception>
    public static IReadOnlyList<ListedVolume> FindTree(string folder, string? except = null)
    {
        // An output folder that is the input folder is the caller's to refuse.
        if (except is not null && Path.GetFullPath(except) == Path.GetFullPath(folder))
            except = null;
        bool Counts(string path) => except is null || !IsWithin(path, except);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.Hidden };
        var all = InFolder(folder, () =>
        {
            var files = new FileSystemEnumerable<string>(
                folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(), options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
                ShouldRecursePredicate = (ref FileSystemEntry entry) =>
                    (entry.Attributes & FileAttributes.ReparsePoint) == 0,
            };
            return (ListedVolume[])
            [
                .. files.Where(path => IsVolume(path) && Counts(path)).Order(StringComparer.Ordinal)
                    .Select(path => ListedVolume.OfFile(path, folder)),
                .. DicomSeries.Find(folder).Where(series => Counts(series.Files[0])).Select(ListedVolume.OfSeries),
            ];
        });
        return all.Length > 0
            ? all
            : throw new UserErrorException(
                $"The folder {folder} holds no volume; files ending in {ExtensionList} and DICOM files count.");
    }

    /// <summary>
    /// Whether a file's ending says that it holds a volume. Of a NIfTI pair, that is the header; the file of voxels counts where
    /// it is alone.
    /// </summary>
    public static bool IsVolume(string path)
    {
        var extension = ExtensionOf(path);
        if (extension is not (".img" or ".img.gz"))
            return extension is not null;
        var stem = path[..^extension.Length];
        // Some archives name DICOM files so.
        return !File.Exists(stem + ".hdr") && !File.Exists(stem + ".hdr.gz")
            && (!File.Exists(path) || DicomParser.Read(path) is null);
    }

    /// <summary>Whether a file's name says that it holds an annotation rather than an image, as in MM-WHS or as
    /// 3D Slicer has it (.seg.nrrd).</summary>
    public static bool IsAnnotation(string path) =>
        Roles[1..].Append(".seg").Any(role => Stem(path).EndsWith(role, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file's name without folder and ending: "ct_01_image" for "in/ct_01_image.nii.gz".</summary>
    public static string Stem(string path)
    {
        // Names from macOS have their accents apart from the letters.
        var name = ComposedName.Of(Path.GetFileName(path));
        return name[..^(ExtensionOf(name)?.Length ?? Path.GetExtension(name).Length)];
    }

    /// <summary>
    /// What image and annotation of one case have in common: the stem without "_image", "_label", "_mask" or "_seg".
    /// </summary>
    public static string CaseName(string path)
    {
        var stem = Stem(path);
        var role = Roles.FirstOrDefault(role => stem.EndsWith(role, StringComparison.OrdinalIgnoreCase));
        return role is null || role.Length == stem.Length ? stem : stem[..^role.Length];
    }

    private static T InFolder<T>(string folder, Func<T> find)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return Directory.Exists(folder)
            ? UserErrorException.OfFiles(find, $"The folder {folder} cannot be read")
            : throw new UserErrorException($"The folder {folder} does not exist; name one that holds volumes.");
    }

    private static bool IsWithin(string path, string folder) => Path.GetFullPath(path).StartsWith(
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar,
        StringComparison.Ordinal);

    /// <summary>The ending of a volume file in lower case; null for other names.</summary>
    internal static string? ExtensionOf(string path) =>
        Array.Find(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A volume found in a folder tree: a file, or a DICOM series.</summary>
/// <param name="Name">
/// What its results are called, safe as a file name: folders below the searched one and the file's name without ending,
/// joined by "_"; or <see cref="DicomSeries.CaseName"/>.
/// </param>
/// <param name="Path">What <see cref="VolumeFile"/> takes to read it.</param>
public sealed record ListedVolume(string Name, string Path)
{
    /// <summary>The DICOM series; null for a file.</summary>
    public DicomSeries? Series { get; init; }

    /// <summary>A file in a folder tree.</summary>
    internal static ListedVolume OfFile(string path, string root)
    {
        var inner = System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!);
        var stem = VolumeListing.Stem(path);
        return new(inner == "." ? stem : $"{inner.Replace(System.IO.Path.DirectorySeparatorChar, '_')}_{stem}", path);
    }

    /// <summary>A DICOM series.</summary>
    internal static ListedVolume OfSeries(DicomSeries series) => new(series.CaseName, series.Path) { Series = series };
}
