using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace MkdSeg.Service.Uploads;

/// <summary>
/// Names uploaded files by their content. Clients' file names often contain patients' names and are not kept, unless a header
/// names its voxel file.
/// </summary>
internal static partial class VolumeNames
{
    private const string Compressed = ".nii.gz";
    private static readonly string[] WithPartner = [".mhd", ".nhdr", ".hdr", ".hdr.gz", ".img", ".img.gz"];

    /// <summary>Moves the files into a folder.</summary>
    public static void Arrange(IReadOnlyList<UploadedFile> files, string folder)
    {
        if (files.Count == 0)
            throw Refuse("The upload contains no files.");
        var keepsNames = files.Any(file =>
            VolumeListing.ExtensionOf(file.ClientName) is { } ending && WithPartner.Contains(ending));
        var volumes = 0;
        for (var i = 0; i < files.Count; i++)
        {
            var ending = VolumeListing.ExtensionOf(files[i].ClientName) is { } named && named != ".img" && named != ".img.gz"
                ? named
                : EndingOf(files[i].Path);
            var name = keepsNames ? Plain(files[i].ClientName)
                : ending == ".dcm" ? $"{i + 1:00000}.dcm"
                : ++volumes == 1 ? "volume" + ending
                : $"volume-{volumes}{ending}";
            RefuseForeignVoxels(files[i].Path, name);
            var target = Path.Combine(folder, name);
            if (File.Exists(target))
                throw Refuse("Two files in the upload have the same name; headers and their voxel files must be in one folder.");
            File.Move(files[i].Path, target);
        }
    }

    /// <summary>The extension that matches the start of a file; .dcm if no other matches.</summary>
    internal static string EndingOf(string path)
    {
        Span<byte> start = stackalloc byte[352];
        start.Clear();
        using (var file = File.OpenRead(path))
            file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]) ? Compressed
            : start.StartsWith("PK"u8) ? ".zip"
            : start.StartsWith("NRRD"u8) ? ".nrrd"
            : start[344..].StartsWith("n+1"u8) || start[4..].StartsWith("n+2"u8) ? ".nii"
            : start.StartsWith("ObjectType"u8) || start.StartsWith("NDims"u8) ? ".mha"
            : ".dcm";
    }

    private static string Plain(string clientName)
    {
        var name = clientName.Split('/', '\\')[^1];
        return name.Length is > 0 and < 200 && name[0] != '.'
            && !name.Any(c => char.IsControl(c) || Path.GetInvalidFileNameChars().Contains(c))
            ? name
            : throw Refuse("A file in the upload has a name that cannot be kept; use letters, digits, '-', '_' and '.'.");
    }

    // Reading the voxels of another job, or any other file on this machine, must not even be attempted.
    private static void RefuseForeignVoxels(string path, string name)
    {
        if (VolumeListing.ExtensionOf(name) is not (".mhd" or ".mha" or ".nhdr" or ".nrrd"))
            return;
        var text = new byte[1 << 16];
        using var file = File.OpenRead(path);
        var length = file.ReadAtLeast(text, text.Length, throwOnEndOfStream: false);
        if (ForeignVoxels().IsMatch(Encoding.Latin1.GetString(text, 0, length)))
        {
            throw Refuse(
                "A header names a voxel file in another folder; upload header and voxels together, with names without folders.");
        }
    }

    private static UploadException Refuse(string message) => new(StatusCodes.Status422UnprocessableEntity, message);

    [GeneratedRegex(@"^\s*(ElementDataFile|data ?file)\s*[:=][^\r\n]*[/\\]", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ForeignVoxels();
}
