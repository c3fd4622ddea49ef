namespace MkdSeg.IO;

/// <summary>What the name of a file says about its format; the only list of the volume formats' endings.</summary>
internal static class VolumeName
{
    /// <summary>Endings of volume files, longer before shorter ones. MGH is among them to be refused in words.</summary>
    private static readonly string[] Extensions =
    [
        ".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".hdr.gz", ".hdr", ".img.gz", ".img", ".mgz", ".mgh",
    ];

    /// <summary>The endings in words, for messages.</summary>
    public static string ExtensionList => ".nii.gz, .nii, .nrrd, .nhdr, .mha, .mhd and .hdr with .img";

    /// <summary>The ending of a volume file in lower case; null for other names.</summary>
    public static string? ExtensionOf(string path) =>
        Array.Find(Extensions, extension => path.EndsWith(extension, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a listing names the file as a volume. Of a NIfTI pair that is the header, and the voxels alone.</summary>
    public static bool IsListed(string path)
    {
        var extension = ExtensionOf(path);
        if (extension is not (".img" or ".img.gz"))
            return extension is not null;
        var stem = path[..^extension.Length];
        return !File.Exists(stem + ".hdr") && !File.Exists(stem + ".hdr.gz");
    }
}
