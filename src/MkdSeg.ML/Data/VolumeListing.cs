namespace MkdSeg.ML.Data;

/// <summary>Volume files in folders, and the names of the cases they hold.</summary>
public static class VolumeListing
{
    private static readonly string[] Extensions = [".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd"];
    private static readonly string[] Roles = ["_image", "_label", "_mask", "_seg"];

    /// <summary>The volume files of a folder, not of its subfolders, ordered by name.</summary>
    /// <exception cref="UserErrorException">There is no such folder, or no volume in it.</exception>
    public static IReadOnlyList<string> Find(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!Directory.Exists(folder))
            throw new UserErrorException($"The folder {folder} does not exist; name one that holds volumes.");
        string[] files;
        try
        {
            files = [.. Directory.EnumerateFiles(folder).Where(IsVolume).Order(StringComparer.Ordinal)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException($"The folder {folder} cannot be read: {error.Message}", error);
        }

        return files.Length > 0
            ? files
            : throw new UserErrorException(
                $"The folder {folder} holds no volume; files ending in {string.Join(", ", Extensions)} count.");
    }

    /// <summary>Whether a file's ending says that it holds a volume.</summary>
    public static bool IsVolume(string path) => Extension(path) is not null;

    /// <summary>Whether a file's name says that it holds an annotation rather than an image, as in MM-WHS.</summary>
    public static bool IsAnnotation(string path) =>
        Roles[1..].Any(role => Stem(path).EndsWith(role, StringComparison.OrdinalIgnoreCase));

    /// <summary>The file's name without folder and ending: "ct_01_image" for "in/ct_01_image.nii.gz".</summary>
    public static string Stem(string path)
    {
        var name = Path.GetFileName(path);
        return name[..^(Extension(path)?.Length ?? Path.GetExtension(name).Length)];
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

    private static string? Extension(string path) =>
        Extensions.FirstOrDefault(extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));
}
