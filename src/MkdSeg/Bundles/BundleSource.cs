using System.IO.Compression;

namespace MkdSeg.Bundles;

/// <summary>The files of a bundle, in a folder or a zip.</summary>
internal abstract class BundleSource(string name)
{
    public string Name { get; } = name;

    /// <summary>Returns the bytes of a file, or null if there is no such file.</summary>
    public abstract byte[]? Read(string file);

    /// <exception cref="UserErrorException">There is no such folder or zip.</exception>
    public static BundleSource Open(string folderOrZip)
    {
        if (Directory.Exists(folderOrZip))
            return new Folder(folderOrZip);
        if (!File.Exists(folderOrZip))
        {
            throw new UserErrorException(
                $"{folderOrZip}: there is no model bundle; expected a folder that contains "
                + $"{ModelBundle.DescriptionFile}, or a zip.");
        }

        return new Zip(folderOrZip, File.ReadAllBytes(folderOrZip));
    }

    internal sealed class Folder(string path) : BundleSource(path)
    {
        public override byte[]? Read(string file)
        {
            var full = Path.Combine(Name, file);
            return File.Exists(full) ? File.ReadAllBytes(full) : null;
        }
    }

    internal sealed class Zip : BundleSource
    {
        private readonly Dictionary<string, byte[]> _files = new(StringComparer.Ordinal);

        public Zip(string name, byte[] bytes)
            : base(name)
        {
            try
            {
                using var archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
                var description = archive.Entries
                    .Where(entry => entry.Name == ModelBundle.DescriptionFile)
                    .OrderBy(entry => entry.FullName.Length)
                    .FirstOrDefault();
                // The folder itself may have been zipped, or only its contents.
                var prefix = description?.FullName[..^ModelBundle.DescriptionFile.Length] ?? "";
                foreach (var entry in archive.Entries)
                {
                    if (entry.Name.Length == 0 || entry.FullName != prefix + entry.Name)
                        continue;
                    using var stream = entry.Open();
                    using var content = new MemoryStream();
                    stream.CopyTo(content);
                    _files[entry.Name] = content.ToArray();
                }
            }
            catch (InvalidDataException error)
            {
                throw new UserErrorException(
                    $"{name}: the file is not a zip archive or is damaged; copy the bundle again.", error);
            }
        }

        public override byte[]? Read(string file) => _files.GetValueOrDefault(file);
    }
}
