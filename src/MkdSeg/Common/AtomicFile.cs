namespace MkdSeg.Common;

/// <summary>Writes files atomically: under a temporary name in the same folder first, then renamed.</summary>
internal static class AtomicFile
{
    private const int NameLength = 32;

    /// <summary>Writes a file by a callback; an existing file stays until the new one is complete.</summary>
    public static void Write(string path, Action<string> write)
    {
        var temporary = TemporaryName(path);
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(temporary)!);
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>A name beside a file, to write it under.</summary>
    public static string TemporaryName(string path) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Guid.NewGuid():N}-{Path.GetFileName(path)}");

    /// <summary>Deletes temporary files of killed processes in a folder where no process is writing.</summary>
    public static void DeleteTemporaryFiles(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, ".*"))
        {
            var name = Path.GetFileName(file);
            if (name.Length > NameLength + 2 && name[NameLength + 1] == '-'
                && Guid.TryParseExact(name.AsSpan(1, NameLength), "N", out _))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>Writes a text file, UTF-8 without byte order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, temporary => File.WriteAllText(temporary, text));
}
