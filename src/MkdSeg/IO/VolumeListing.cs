using System.IO.Enumeration;
using MkdSeg.IO.Dicom;

namespace MkdSeg.IO;

/// <summary>Finds volume files in folders, and the names of their cases.</summary>
public static class VolumeListing
{
    // Longer extensions come first. MGH is included so that it is rejected with a message.
    private static readonly string[] Extensions =
    [
        ".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".hdr.gz", ".hdr", ".img.gz", ".img", ".mgz", ".mgh",
    ];

    private const string ExtensionList = ".nii.gz, .nii, .nrrd, .nhdr, .mha, .mhd or .hdr with .img";
    private static readonly string[] Roles = ["_image", "_label", "_mask", "_seg"];

    /// <summary>Finds the volume files in a folder, excluding its subfolders, ordered by name.</summary>
    /// <exception cref="UserErrorException">The folder does not exist or contains no volume.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        var files = InFolder(
            folder, () => Directory.EnumerateFiles(folder).Where(IsVolume).Order(StringComparer.Ordinal).ToArray());
        return files.Length > 0
            ? files
            : throw new UserErrorException(
                $"The folder {folder} contains no volume; files ending in {ExtensionList} are expected.");
    }

    /// <summary>
    /// Finds the volume files and DICOM series in a folder and its subfolders: files ordered by path, then series ordered by
    /// number. A series that is not a scan is included, with the reason. Links to folders are not followed.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="except">A subfolder to skip, such as the results folder; null for none.</param>
    /// <exception cref="UserErrorException">The folder does not exist or contains neither a volume nor a series.</exception>
    public static IReadOnlyList<ListedVolume> FindTree(string folder, string? except = null)
    {
        // If the output folder is the input folder, the caller must reject it.
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
                $"The folder {folder} contains no volume; files ending in {ExtensionList} or DICOM files are expected.");
    }

    /// <summary>
    /// Whether a file's extension marks it as a volume. Of a NIfTI pair, that is the header; the voxel file counts only if it is
    /// alone.
    /// </summary>
    public static bool IsVolume(string path)
    {
        var extension = ExtensionOf(path);
        if (extension is not (".img" or ".img.gz"))
            return extension is not null;
        var stem = path[..^extension.Length];
        // Some archives give DICOM files this extension.
        return !File.Exists(stem + ".hdr") && !File.Exists(stem + ".hdr.gz")
            && (!File.Exists(path) || DicomParser.Read(path) is null);
    }

    /// <summary>Whether a file's name marks it as an annotation rather than an image, as in MM-WHS or in 3D Slicer
    /// (.seg.nrrd).</summary>
    public static bool IsAnnotation(string path) =>
        Roles[1..].Append(".seg").Any(role => Stem(path).EndsWith(role, StringComparison.OrdinalIgnoreCase));

    /// <summary>Returns the file's name without folder and extension: "ct_01_image" for "in/ct_01_image.nii.gz".</summary>
    public static string Stem(string path)
    {
        // Names from macOS have accents separate from their letters.
        var name = ComposedName.Of(Path.GetFileName(path));
        return name[..^(ExtensionOf(name)?.Length ?? Path.GetExtension(name).Length)];
    }

    /// <summary>
    /// Returns what image and annotation of a case have in common: the stem without "_image", "_label", "_mask" or "_seg".
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
            : throw new UserErrorException($"The folder {folder} does not exist; specify a folder that contains volumes.");
    }

    private static bool IsWithin(string path, string folder) => Path.GetFullPath(path).StartsWith(
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar,
        StringComparison.Ordinal);

    /// <summary>Returns the extension of a volume file in lower case; null for other names.</summary>
    internal static string? ExtensionOf(string path) =>
        Array.Find(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}

/// <summary>A volume found in a folder tree: a file, or a DICOM series.</summary>
/// <param name="Name">
/// The name of its results, safe as a file name: the folders below the searched folder and the file's name without
/// extension, joined by "_"; or <see cref="DicomSeries.CaseName"/>.
/// </param>
/// <param name="Path">The path from which <see cref="VolumeFile"/> reads it.</param>
public sealed record ListedVolume(string Name, string Path)
{
    /// <summary>The DICOM series; null for a file.</summary>
    public DicomSeries? Series { get; init; }

    /// <summary>Creates an entry for a file in a folder tree.</summary>
    internal static ListedVolume OfFile(string path, string root)
    {
        var inner = System.IO.Path.GetRelativePath(root, System.IO.Path.GetDirectoryName(path)!);
        var stem = VolumeListing.Stem(path);
        return new(inner == "." ? stem : $"{inner.Replace(System.IO.Path.DirectorySeparatorChar, '_')}_{stem}", path);
    }

    /// <summary>Creates an entry for a DICOM series.</summary>
    internal static ListedVolume OfSeries(DicomSeries series) => new(series.CaseName, series.Path) { Series = series };
}
