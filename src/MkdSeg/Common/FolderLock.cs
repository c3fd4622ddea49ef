using System.Diagnostics;
using System.Text.Json;

namespace MkdSeg.Common;

/// <summary>
/// Keeps two processes from writing into one folder. Who holds it is written beside the lock; the operating system drops
/// the lock itself when its process ends, however it ends.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const string LockPrefix = "lock";
    private const string OwnerPrefix = "owner";
    private readonly FileStream _lock;
    private readonly string _ownerFile;

    private FolderLock(FileStream @lock, string ownerFile) => (_lock, _ownerFile) = (@lock, ownerFile);

    /// <summary>Takes a lock of a folder.</summary>
    /// <param name="folder">Where the lock's files lie, a folder that only programs look into; it is made.</param>
    /// <param name="part">
    /// Null for the whole folder; else the name of a part of the work. Different parts can be held at once where
    /// <paramref name="together"/> says so; the whole and a part cannot.
    /// </param>
    /// <param name="together">Whether a part of that other name may be held at the same time.</param>
    /// <exception cref="UserErrorException">Another process holds it, or the folder cannot be written.</exception>
    public static FolderLock Take(string folder, string? part = null, Func<string, bool>? together = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        var own = Name(LockPrefix, part);
        var taken = Open(Path.Combine(folder, own)) ?? throw Held(folder, part);
        try
        {
            // Every process takes its own lock before it looks at the others', so of two at least one sees the other.
            foreach (var file in Directory.EnumerateFiles(folder, LockPrefix + "*").Order(StringComparer.Ordinal))
            {
                var name = Path.GetFileName(file);
                var other = name == LockPrefix ? null : name[(LockPrefix.Length + 1)..];
                if (name == own || (other is not null && part is not null && together?.Invoke(other) == true))
                    continue;
                using var free = Open(file) ?? throw Held(folder, other);
                RequireNoOwner(folder, other);
            }

            RequireNoOwner(folder, part);
            var ownerFile = Path.Combine(folder, Name(OwnerPrefix, part) + ".json");
            StrictJson.Save(ownerFile, Owner.This());
            return new(taken, ownerFile);
        }
        catch
        {
            taken.Dispose();
            throw;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose()
    {
        File.Delete(_ownerFile);
        // The lock's file stays: deleting it would let two others lock a file each of the same name.
        _lock.Dispose();
    }

    private static string Name(string prefix, string? part) => part is null ? prefix : $"{prefix}.{part}";

    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error.GetType() == typeof(IOException) && File.Exists(path))
        {
            return null;
        }
    }

    // A file system that knows no locks, or another machine's process on a shared one.
    private static void RequireNoOwner(string folder, string? part)
    {
        if (ReadOwner(folder, part) is { } owner && !owner.IsGone())
            throw Held(folder, part);
    }

    private static UserErrorException Held(string folder, string? part)
    {
        var output = Path.GetDirectoryName(Path.GetFullPath(folder));
        var file = Path.Combine(folder, Name(OwnerPrefix, part) + ".json");
        return ReadOwner(folder, part) is { } owner
            ? new($"Process {owner.ProcessId} on {owner.Host} writes into '{output}' already; wait for its end or choose "
                + $"another folder (if it does not run any more, delete '{file}').")
            : new($"Another process writes into '{output}' already; wait for its end or choose another folder.");
    }

    private static Owner? ReadOwner(string folder, string? part)
    {
        try
        {
            var file = Path.Combine(folder, Name(OwnerPrefix, part) + ".json");
            return File.Exists(file) ? JsonSerializer.Deserialize<Owner>(File.ReadAllText(file), StrictJson.Options) : null;
        }
        catch (Exception error) when (error is IOException or JsonException)
        {
            return null;
        }
    }

    private sealed record Owner(int ProcessId, string Host, DateTimeOffset Started)
    {
        public static Owner This()
        {
            using var process = Process.GetCurrentProcess();
            return new(process.Id, Environment.MachineName, StartOf(process));
        }

        /// <summary>Whether the process has ended for sure; of another machine's one cannot know.</summary>
        public bool IsGone()
        {
            if (Host != Environment.MachineName)
                return false;
            try
            {
                using var process = Process.GetProcessById(ProcessId);
                // Numbers are given again. Its own lock tells a process that it holds none.
                return ProcessId == Environment.ProcessId || Math.Abs((StartOf(process) - Started).TotalSeconds) > 2;
            }
            catch (ArgumentException)
            {
                return true;
            }
        }

        private static DateTimeOffset StartOf(Process process) => new(process.StartTime.ToUniversalTime());
    }
}
