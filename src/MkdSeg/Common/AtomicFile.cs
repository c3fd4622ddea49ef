namespace MkdSeg.Common;

/// <summary>Writes files atomically: to a temporary file in the same folder, which is then renamed.</summary>
internal static class AtomicFile
{
    private const int NameLength = 32;

    /// <summary>Writes a file with a callback; an existing file is kept until the new one is complete.</summary>
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

    /// <summary>Returns a temporary name in the file's folder.</summary>
    public static string TemporaryName(string path) => Path.Combine(
        Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Guid.NewGuid():N}-{Path.GetFileName(path)}");

    /// <summary>Deletes temporary files left by killed processes in a folder to which no process is writing.</summary>
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

    /// <summary>Writes a UTF-8 text file without a byte order mark.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, temporary => File.WriteAllText(temporary, text));
}
