namespace MkdSeg.Common;

/// <summary>Writes files that are there whole or not at all: under a temporary name beside them first, then renamed.</summary>
internal static class AtomicFile
{
    private const int NameLength = 32;

    /// <summary>Writes a file by a writer of its own; one that is there stays as it is until the new one is complete.</summary>
    public static void Write(string path, Action<string> write)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Guid.NewGuid():N}-{Path.GetFileName(path)}");
        try
        {
            Directory.CreateDirectory(folder);
            write(temporary);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            if (File.Exists(temporary))
                File.Delete(temporary);
        }
    }

    /// <summary>
    /// Deletes the unfinished files that processes left in a folder because they were killed. Nobody may be writing there.
    /// </summary>
    public static void DeleteRemains(string folder)
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
