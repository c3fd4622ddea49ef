using System.Security.Cryptography;

namespace MkdSeg.Bundles;

internal static class BundleWriter
{
    /// <summary>Writes model.json, with hashes, and the ONNX files to a temporary folder, then moves it into place.</summary>
    public static ModelBundle Write(
        string folder, ModelBundle bundle, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> networks)
    {
        bundle.Validate(folder);
        var listed = bundle.Networks.Select(network => network.Role).Order(StringComparer.Ordinal);
        if (!listed.SequenceEqual(networks.Keys.Order(StringComparer.Ordinal)))
        {
            throw new ArgumentException(
                $"The description lists the networks {string.Join(", ", bundle.Networks.Select(n => n.Role))}, but "
                + $"{string.Join(", ", networks.Keys)} were given.",
                nameof(networks));
        }

        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()
            && !File.Exists(Path.Combine(folder, ModelBundle.DescriptionFile)))
        {
            throw new UserErrorException(
                $"{folder}: the folder is not empty and contains no model bundle; choose another folder or empty it.");
        }

        var written = bundle with
        {
            FormatVersion = ModelBundle.CurrentFormatVersion,
            Networks =
            [
                .. bundle.Networks.Select(network => network with
                {
                    Sha256 = Convert.ToHexStringLower(SHA256.HashData(networks[network.Role].Span)),
                }),
            ],
        };
        var temporary = folder + ".part";
        DeleteIfThere(temporary);
        Directory.CreateDirectory(temporary);
        foreach (var network in written.Networks)
        {
            using var file = File.Create(Path.Combine(temporary, network.File));
            file.Write(networks[network.Role].Span);
        }

        StrictJson.Save(Path.Combine(temporary, ModelBundle.DescriptionFile), written);
        var replaced = folder + ".old";
        DeleteIfThere(replaced);
        if (Directory.Exists(folder))
            Directory.Move(folder, replaced);
        Directory.Move(temporary, folder);
        DeleteIfThere(replaced);
        return ModelBundle.Load(folder);
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
